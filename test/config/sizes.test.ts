import { encodedBytes, formsBytes, programmeLimits, relayLimit } from '../../lib/config/sizes.js';

test('13 MB of Antragsdaten are nearly 18 MB on the wire', () => {
  expect(encodedBytes(13_000_000)).toBe(17_789_478);
  expect(encodedBytes(57)).toBe(78);
});

test('the relay takes what was agreed, and Antragsdaten always', () => {
  const of = (internalMb: number, internetMb: number) =>
    (['internal', 'internet'] as const).map((from) =>
      relayLimit({ limits: { internalMb, internetMb } }, from),
    );
  expect(of(50, 25)).toEqual([52_428_800, 26_214_400]);
  expect(of(17, 16)).toEqual([17_825_792, formsBytes]);
  expect(of(programmeLimits.internalMb, programmeLimits.internetMb)).toEqual([104_857_600, 36_700_160]);
});
