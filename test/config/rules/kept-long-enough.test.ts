import { keptLongEnough } from '../../../lib/config/rules/kept-long-enough.js';
import { saysOf } from '../support.js';

const since = '2025-01-01T00:00:00Z';
const server = { inside: '10.0.0.1', transfer: '10.128.0.9' };
const times = { senderQueueLifetime: '5d', ndbDistribution: '2h', loweredMxTtl: '5m' };

test.each([
  [{ stage: 1 }, undefined, since],
  [{ stage: 2 }, '2025-01-05T23:59:59Z', '2025-01-06T00:00:00Z'],
  [{ server }, '2025-01-05T23:59:59Z', '2025-01-06T00:00:00Z'],
  [{ stage: 3 }, '2025-01-05T23:59:59Z', '2025-01-06T00:00:00Z'],
  [{ stage: 4 }, '2025-01-06T00:04:59Z', '2025-01-06T00:05:00Z'],
])('%j may end when queues and caches are done with it, and no sooner', (what, tooEarly, end) => {
  const says = (until: string): string =>
    saysOf(keptLongEnough, { stage: 1, kept: [{ ...what, since, until }] }, times);
  expect(says(end)).toBe('');
  if (tooEarly !== undefined) expect(says(tooEarly)).toContain(`${end} or later: for `);
});

test('what was in a hoster’s zone is kept for the TTL that it has there', () => {
  const mx = { ttl: 3600, records: ['10 mail.musterstadt.example'] };
  const domains = [{ name: 'musterstadt.example', writer: 'hoster', mx }];
  const says = (until: string): string =>
    saysOf(keptLongEnough, { stage: 3, domains, kept: [{ stage: 4, since, until }] }, times);
  expect(says('2025-01-06T00:59:59Z')).toMatchInlineSnapshot(`
   "musterstadt.yaml:25:12  until 2025-01-06T00:59:59Z
     2025-01-06T01:00:00Z or later: for the longest TTL of the MX and senderQueueLifetime of the platform; write that; \`npx mailversand stage\` and \`server\` write the right time by themselves   [kept-long-enough]
   "
  `);
  expect(says('2025-01-06T01:00:00Z')).toBe('');
});

test('only the domain that went back by itself counts for it, and it counts for nobody else', () => {
  const mx = { ttl: 3600, records: ['10 mail.musterstadt.example'] };
  const domains = [
    { name: 'musterstadt.example', writer: 'dns1', mx },
    { name: 'muster.example', writer: 'hoster', stage: 3, mx },
  ];
  const says = (domain?: string): string =>
    saysOf(
      keptLongEnough,
      { domains, kept: [{ stage: 4, domain, since, until: '2025-01-06T00:05:00Z' }] },
      times,
    );
  expect([says(), says('musterstadt.example')]).toEqual(['', '']);
  expect(says('muster.example')).toContain('2025-01-06T01:00:00Z or later');
});

test('an end before the beginning, and what is wrong by itself, is another rule’s', () => {
  const says = (kept: object): string => saysOf(keptLongEnough, { kept: [kept] }, times);
  expect(says({ stage: 2, since, until: '2024-12-31T00:00:00Z' })).toBe('');
  expect(says({ stage: 2, since, until: 'x' })).toBe('');
  expect(says({ stage: 2, since: 'x', until: since })).toBe('');
  const domains = [{ name: 'musterstadt.example', writer: 'hoster', mx: { ttl: 'x', records: [] } }];
  const kept = [{ stage: 4, since, until: '2025-01-06T00:05:00Z' }];
  expect(saysOf(keptLongEnough, { domains, kept }, times)).toBe('');
});
