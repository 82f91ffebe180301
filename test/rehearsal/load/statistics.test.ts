import fc from 'fast-check';
import { latency, quantile, ratio } from '../../../lib/rehearsal/load/statistics.js';

describe('statistics of a load', () => {
  test('a quantile is one of the values, by nearest rank', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.95)).toBe(4);
    expect(quantile([7], 0.5)).toBe(7);
    expect(quantile([], 0.5)).toBeUndefined();
  });

  test('at least that share of the values is not above a quantile, and fewer are below it', () => {
    const values = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const at = quantile(all, share) ?? NaN;
        const notAbove = all.filter((value) => value <= at).length;
        const below = all.filter((value) => value < at).length;
        return notAbove / all.length >= share && below / all.length < share;
      }),
    );
  });

  test('without mails there is no latency, and nothing to compare', () => {
    expect(latency([])).toBeUndefined();
    expect(latency([0.1, 0.3, 0.2])).toEqual({ median: 0.2, p95: 0.3 });
    expect([ratio(3, 2), ratio(3, undefined), ratio(undefined, 2), ratio(3, 0)]).toEqual([
      '1.5',
      '-',
      '-',
      '-',
    ]);
  });
});
