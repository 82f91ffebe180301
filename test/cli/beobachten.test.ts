import { untilNextLook } from '../../lib/cli/commands/beobachten.js';

test.each([
  ['a day', 86_400_000, 60_000],
  ['ten minutes', 600_000, 30_000],
  ['ten seconds', 10_000, 1000],
  ['half a second', 500, 500],
])('with %s to wait the next look is in time, and not for ever', (_, remaining, next) => {
  expect(untilNextLook(remaining)).toBe(next);
});
