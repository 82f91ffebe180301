import { evidenceTable, locksText, waitsText } from '../../lib/cli/evidence-text.js';

const row = {
  domain: 'musterstadt.example',
  type: 'MX' as const,
  server: '203.0.113.53',
  data: '10 a.musterstadt.example.\n20 b.musterstadt.example.',
  ttl: 300,
  since: '2026-03-01T12:00:00Z',
  dataSince: '2026-03-01T12:00:00Z',
  seenAt: '2026-03-01T13:00:00Z',
  from: 'ops',
  before: undefined,
  earlier: [],
  declaredTtl: 3600,
};

test('evidence is a table, a row for each server and record', () => {
  expect(evidenceTable([row, { ...row, type: 'DMARC', data: '', ttl: 0 }])).toMatchInlineSnapshot(`
   "domain               record  server        TTL  seen so since         last                  from  shows
   ───────────────────  ──────  ────────────  ───  ────────────────────  ────────────────────  ────  ────────────────────────────────────────────────────
   musterstadt.example  MX      203.0.113.53  300  2026-03-01T12:00:00Z  2026-03-01T13:00:00Z  ops   10 a.musterstadt.example., 20 b.musterstadt.example.
   musterstadt.example  DMARC   203.0.113.53       2026-03-01T12:00:00Z  2026-03-01T13:00:00Z  ops   nothing"
  `);
});

test('what is waited for is named, with its end', () => {
  expect(waitsText(['MX of musterstadt.example: 203.0.113.53: until 2026-03-01T14:00:00Z'])).toBe(
    'The MX may not move yet:\n- MX of musterstadt.example: 203.0.113.53: until 2026-03-01T14:00:00Z\n',
  );
  expect(waitsText([])).toBe('The old TTLs have gone by on every server.\n');
});

test('of a lock how many wait behind it and what lifts it; of one that nobody knows why', () => {
  const locks = [
    { relay: 'relay1', domain: 'musterstadt.example', waiting: 3 },
    { relay: 'relay1', domain: 'neu.example' },
  ];
  expect(locksText('musterstadt', { locks, unknown: [new Error('relay1: timed out')] })).toBe(
    `musterstadt.example: locked at relay1, where mail for 3 recipients waits until a person lifts that (docs/relay.md, “A domain that has left”): npx mailversand rueckweg musterstadt lists the commands
neu.example: whether relay1 still holds it locked is not known
relay1: timed out
`,
  );
  expect(locksText('musterstadt', { locks: [], unknown: [] })).toBe('');
});
