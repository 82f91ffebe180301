import { messageOf } from '../../../lib/rehearsal/load/message.js';
import { largeSize } from '../../../lib/rehearsal/load/traffic.js';
import { pathNames } from '../../../lib/rehearsal/paths.js';

describe('a large mail', () => {
  const limits = { internalMb: 100, internetMb: 35 };

  test('is just below what the relay’s listeners take (templates/relay/master.cf), headers of the way included', () => {
    const sizes = Object.fromEntries(pathNames.map((path) => [path, largeSize(path, limits)]));
    expect(sizes).toEqual({
      'internet → municipality': 36_700_160 - 4096,
      'tenant → municipality': 104_857_600 - 4096,
      'ndb → municipality': 104_857_600 - 4096,
      'municipality → internet': 36_700_160 - 4096,
      'municipality → tenant': 104_857_600 - 4096,
      'municipality → ndb': 104_857_600 - 4096,
    });
  });

  test('is made piece by piece, at most a line smaller', () => {
    let bytes = 0;
    for (const piece of messageOf('load-1@a.example', 'load-1@b.example', 104_853_504)) bytes += piece.length;
    expect(104_853_504 - bytes).toBeGreaterThanOrEqual(0);
    expect(104_853_504 - bytes).toBeLessThan(78);
  });
});
