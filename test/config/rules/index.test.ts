import { readdirSync } from 'node:fs';
import { rules } from '../../../lib/config/rules/index.js';
import { fleet } from '../support.js';

const ids = rules.map(({ id }) => id);

test('every rule has the id of its file, a file that is a rule is in the list, and a test of the same name', () => {
  const tests = readdirSync('test/config/rules').map((file) => file.replace('.test.ts', ''));
  const files = readdirSync('lib/config/rules').map((file) => file.replace('.ts', ''));
  expect(tests).toEqual([...ids, 'index'].sort());
  expect(files).toEqual([...ids, 'gateway-of', 'index', 'names', 'pool'].sort());
});

test.each(rules)('$id says why in a sentence', ({ why }) => {
  expect(why).toMatch(/^[A-Za-z].*\.$/);
});

test.each(rules)('$id has nothing against a right file', ({ check }) => {
  expect(check(fleet({}))).toEqual([]);
});

test.each(rules)('$id does without a platform and with nothing right in a file', ({ check }) => {
  const municipalities = {
    musterstadt: { domains: 0, servers: [], order: 0, network: 0, ags: 0, kept: 0, limits: 0 },
  };
  expect(check(fleet({ municipalities, platform: null }))).toEqual([]);
  expect(check(fleet({ municipalities }))).toEqual([]);
});
