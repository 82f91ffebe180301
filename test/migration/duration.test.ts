import { duration } from '../../lib/migration/duration.js';

test.each([
  [0, 'keine Zeit'],
  [1, '1 Sekunde'],
  [60, '1 Minute'],
  [61, '1 Minute 1 Sekunde'],
  [3601, '1 Stunde 1 Minute'],
  [86_399, '1 Tag'],
  [432_300, '5 Tage 1 Stunde'],
  [2 * 86_400 + 7200, '2 Tage 2 Stunden'],
])('%d seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
