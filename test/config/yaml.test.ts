import fc from 'fast-check';
import { formatProblems } from '../../lib/config/problem.js';
import { parseYaml } from '../../lib/config/yaml.js';

const read = (content: string) => parseYaml('a.yaml', content);
const says = (content: string): string => formatProblems(read(content).problems);

test('a document becomes plain values', () => {
  const content = 'a: [1, x, 2025-01-01]\nb: {c: null, d: }\n# comment\ne:\n';
  expect(read(content).value).toEqual({ a: [1, 'x', '2025-01-01'], b: { c: null, d: null }, e: null });
});

test('windows line ends and a byte order mark change nothing', () => {
  expect(read('\ufeffa: 1\r\nb: 2\r\n').value).toEqual({ a: 1, b: 2 });
});

test('an empty file is nothing, at its beginning', () => {
  const source = read('');
  expect(source).toMatchObject({ value: null, problems: [] });
  expect(source.place(['a'])).toEqual({ file: 'a.yaml', line: 1, column: 1 });
});

test.each([
  ['a tab', 'a:\n\tb: 1\n'],
  ['a key twice', 'a: 1\n"a": 2\n'],
  ['a bracket forgotten', 'a: [1\nb: 2\n'],
  ['several documents', 'a: 1\n---\nb: 2\n'],
  ['an anchor and its alias', 'a: &x 1\nb: *x\n'],
  ['an anchor on a key', '&k a: 1\n'],
  ['a tag', 'a: !!binary aGk=\n'],
  ['an unknown tag', 'a: !own 1\n'],
  ['a number as key', '1: a\n'],
  ['a list as key', '[a]: 1\n'],
  ['the prototype as key', '__proto__: {stage: 4}\n'],
  ['another version of YAML', '%YAML 1.1\n---\na: yes\n'],
  ['a terminal escape', 'a: \u001b[2J"\nb\n'],
])('%s is refused with its place', (_, content) => {
  expect(read(content).value).toBeUndefined();
  expect(says(content)).toMatchSnapshot();
});

test('a bomb of aliases is refused without being unfolded', () => {
  const level = (n: number) =>
    `a${n}: &a${n} [${Array(9)
      .fill(n === 0 ? 'x' : `*a${n - 1}`)
      .join(', ')}]\n`;
  const bomb = Array.from({ length: 9 }, (_, n) => level(n)).join('');
  expect(read(bomb).value).toBeUndefined();
  expect(says(bomb)).toContain('[yaml-anchor]');
});

test.each(['[', '{a: ', '- ', '? '])('a thousand times %j is refused, not descended into', (deep) => {
  expect(read(deep.repeat(1000)).problems.length).toBeGreaterThan(0);
});

test('seventeen levels are one too many', () => {
  expect(says(`${'['.repeat(16)}${']'.repeat(16)}`)).toBe('');
  expect(says(`${'['.repeat(17)}${']'.repeat(17)}`)).toContain('[yaml-too-deep]');
});

test('the first few syntax errors are enough', () => {
  expect(read('a: ]\n'.repeat(50)).problems).toHaveLength(5);
});

describe('places', () => {
  const source = read(
    'stage: 1\nservers:\n  - inside: 10.0.0.1\n    ports: [25,\n      26]\nempty:\nend: ~\n',
  );
  const place = (...path: (string | number)[]) => {
    const { line, column } = source.place(path);
    return `${line}:${column} ${source.text(path)}`;
  };

  test('a value is where it stands, as it is written', () => {
    expect(place('stage')).toBe('1:8 1');
    expect(place('servers', 0, 'inside')).toBe('3:13 10.0.0.1');
    expect(place('servers', 0, 'ports', 1)).toBe('5:7 26');
    expect(place('end')).toBe('7:6 ~');
  });

  test('mappings and lists are called that', () => {
    expect(place('servers', 0)).toBe('3:5 a mapping');
    expect(place('servers')).toBe('3:3 a list');
    expect(place()).toBe('1:1 a mapping');
  });

  test('a key without a value is where the key stands', () => {
    expect(place('empty')).toBe('6:1 nothing');
    expect(read('a: {b}').place(['a', 'b'])).toMatchObject({ line: 1, column: 5 });
    expect(read('a: {b}').text(['a', 'b'])).toBe('nothing');
  });

  test('what is missing is where the nearest thing around it stands', () => {
    expect(place('servers', 0, 'transfer')).toBe('3:5 missing');
    expect(place('servers', 7)).toBe('3:3 missing');
    expect(place('stage', 'deeper')).toBe('1:8 missing');
  });

  test('a key has a place of its own', () => {
    expect(source.keyPlace(['servers', 0, 'ports'])).toEqual({ file: 'a.yaml', line: 4, column: 5 });
  });
});

test('whatever a file holds, reading it never throws, and every problem has a place inside it', () => {
  const token = fc.constantFrom(
    ...[
      'a',
      ': ',
      ':',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '!',
      '#',
      '%',
      '\t',
      '?',
    ],
    ...['---', '...', '\u0000', '\ud800', '1', '~', '<<', '@', '`', '\r'],
  );
  const text = fc.oneof(
    fc.array(token).map((tokens) => tokens.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (content) => {
      const { problems, place, text } = read(content);
      const lines = content.split('\n').length;
      for (const { line, column } of [...problems, place(['a', 0, 'b'])]) {
        expect(line >= 1 && line <= lines && column >= 1).toBe(true);
      }
      expect(typeof text(['a'])).toBe('string');
    }),
    { numRuns: 500 },
  );
});
