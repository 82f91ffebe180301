import { settlingLongEnough } from '../../../lib/config/rules/settling-long-enough.js';
import { saysOf } from '../support.js';

const since = '2025-01-01T00:00:00Z';
const says = (settling: object, settlingTime?: string): string =>
  saysOf(settlingLongEnough, { stage: 2, settling }, { settlingTime });

test('what settles may end when the time of the platform is over, and no sooner', () => {
  expect(says({ since, until: '2025-01-01T00:00:01Z' })).toMatchInlineSnapshot(`
   "musterstadt.yaml:24:10  until 2025-01-01T00:00:01Z
     2025-01-02T00:00:00Z or later: for settlingTime of the platform, 24h; write that; npx mailversand stage, server and domain write the right time by themselves, and stage with --settled ends it   [settling-long-enough]
   "
  `);
  expect(says({ since, until: '2025-01-01T23:59:59Z' })).toContain('2025-01-02T00:00:00Z or later');
  expect(says({ since, until: '2025-01-02T00:00:00Z' })).toBe('');
  expect(says({ since, until: '2025-01-01T00:00:01Z' }, '1s')).toBe('');
});

test('an end before the beginning, and what is wrong by itself, is another rule’s', () => {
  expect(says({ since, until: '2024-12-31T00:00:00Z' })).toBe('');
  expect(says({ since, until: 'x' })).toBe('');
  expect(says({ since: 'x', until: since })).toBe('');
});
