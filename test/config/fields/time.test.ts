import fc from 'fast-check';
import { day, duration, moment, toSeconds } from '../../../lib/config/fields/time.js';
import { injections, verdict } from './support.js';

test.each(['2025-02-28', '2024-02-29', '2000-01-01'])('%s is a day', (value) => {
  expect(verdict(day, value)).toBe('');
});

test.each([
  '2025-02-29',
  '2025-02-30',
  '2025-13-01',
  '2025-00-10',
  '2025-1-1',
  '28.02.2025',
  '1999-12-31',
  '2025-02-28T00:00:00Z',
  20250228,
])('%j is none', (value) => {
  expect(verdict(day, value)).toContain('[date]');
});

test.each(['2025-02-28T09:30:00Z', '2024-02-29T23:59:59Z'])('%s is a moment', (value) => {
  expect(verdict(moment, value)).toBe('');
});

test.each([
  '2025-02-28',
  '2025-02-28T24:00:00Z',
  '2025-02-29T00:00:00Z',
  '2025-02-28T09:30:00+01:00',
  '2025-02-28T09:30:00.5Z',
])('%s is none', (value) => {
  expect(verdict(moment, value)).toContain('[moment]');
});

test('every moment that JavaScript writes from 2000 to 2099 is one', () => {
  const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(date, (value) => {
      const written = value.toISOString().replace(/\.\d{3}/, '');
      return verdict(moment, written) === '' && verdict(day, written.slice(0, 10)) === '';
    }),
  );
});

test.each([
  ['5s', 5],
  ['10m', 600],
  ['2h', 7200],
  ['5d', 432_000],
])('%s are %d seconds', (value, seconds) => {
  expect(verdict(duration, value)).toBe('');
  expect(toSeconds(value)).toBe(seconds);
});

test.each(['0s', '5', '5 d', '1.5h', '-5s', '5w', '1000000s', 5])('%j is no length of time', (value) => {
  expect(verdict(duration, value)).toContain('[duration]');
});

test.each(injections)('%j is refused everywhere', (value) => {
  for (const field of [day, moment, duration]) expect(verdict(field, value)).not.toBe('');
});
