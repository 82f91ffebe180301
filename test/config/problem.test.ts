import {
  compareProblems,
  formatProblems,
  problemsAsJson,
  shown,
  type Problem,
} from '../../lib/config/problem.js';

const at = (change: Partial<Problem>): Problem => ({
  file: 'b.yaml',
  line: 2,
  column: 3,
  found: 'stage: 9',
  expected: 'the stage (Abschnitt): 0, 1, 2, 3 or 4',
  remedy: 'correct it',
  rule: 'stage',
  ...change,
});

test('a problem is two lines: place and what was found; what is allowed, what to do, the rule', () => {
  expect(formatProblems([at({})])).toMatchInlineSnapshot(`
   "b.yaml:2:3  stage: 9
     the stage (Abschnitt): 0, 1, 2, 3 or 4; correct it   [stage]
   "
  `);
});

test('problems come sorted by file, line, column, rule, and what was found', () => {
  const sorted = [
    at({ file: 'a.yaml', line: 9 }),
    at({ line: 1, column: 9 }),
    at({ column: 1 }),
    at({ rule: 'a' }),
    at({ found: 'a' }),
    at({}),
  ];
  expect([...sorted].reverse().sort(compareProblems)).toEqual(sorted);
  expect(compareProblems(at({}), at({}))).toBe(0);
});

test('the same mistake many times is counted, others are not hidden by it', () => {
  const many = Array.from({ length: 23 }, (_, line) => at({ line, rule: 'yaml-alias' }));
  const text = formatProblems([...many, at({ line: 99 })]);
  expect(text.split('\n').filter((line) => line.includes('yaml-alias'))).toHaveLength(21);
  expect(text).toMatch(/\[yaml-alias\]: and 3 more\n$/);
  expect(text).toContain(':99:');
});

test('no problems, no text', () => {
  expect(formatProblems([])).toBe('');
});

test('machines read the same as JSON', () => {
  const problems = [at({}), at({ line: 1 })];
  expect(JSON.parse(problemsAsJson(problems))).toEqual({ valid: false, problems: problems.reverse() });
  expect(JSON.parse(problemsAsJson([]))).toEqual({ valid: true, problems: [] });
});

test('a value is shown shortened', () => {
  expect(shown('a'.repeat(60))).toBe('a'.repeat(60));
  expect(shown('a'.repeat(61))).toBe(`${'a'.repeat(60)}…`);
});

test.each([
  ['\u001b[2J', '\\u{1b}[2J'],
  ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['a\u200bb\u2028', 'a\\u{200b}b\\u{2028}'],
  [`${'a'.repeat(59)}😀`, `${'a'.repeat(59)}\\u{d83d}…`],
  ['Übermuster 😀', 'Übermuster 😀'],
])('what would move a cursor or hide is made visible: %j', (text, visible) => {
  expect(shown(text)).toBe(visible);
});

test('file names are escaped too', () => {
  expect(formatProblems([at({ file: 'a\u001b.yaml' })])).toMatch(/^a\\u\{1b\}\.yaml:2:3 {2}/);
});
