import { evidenceTable, waitsText } from '../../lib/cli/evidence-text.js';

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
