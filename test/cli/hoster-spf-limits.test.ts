import { heldBySpfLimits } from '../../lib/cli/hoster-spf-limits.js';
import type { HosterRow } from '../../lib/migration/hoster-sheet.js';
import { hosterSheetText } from '../../lib/migration/hoster-sheet-text.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../provider/memory-far-ends.js';

const wanted = 'v=spf1 include:_spf.relay.example include:_spf.hoster.example -all';

const row = (state: HosterRow['state'], type: 'MX' | 'TXT' = 'TXT'): HosterRow => ({
  record: {
    domain: 'stadt.example',
    zone: 'stadt.example',
    type,
    ttl: 60,
    data: [wanted],
    towardsRelay: false,
  },
  answers: [{ server: '192.0.2.53', ttl: 60, data: ['v=spf1 include:_spf.hoster.example -all'] }],
  state,
  foreign: [],
  otherNames: [],
});

const held = (rows: HosterRow[], lookUps: { now: number; then: number }) => {
  const memory = { ...emptyMemory(), spfLookUps: { 'stadt.example': lookUps.now, [wanted]: lookUps.then } };
  return heldBySpfLimits(rows, memoryFarEnds(storeOf(memory)).vantage);
};

test('a hoster is not told to write an SPF record that receivers give up on', async () => {
  const found = await held([row('change')], { now: 10, then: 11 });
  expect(found).toMatchObject([
    {
      domains: ['stadt.example'],
      type: 'TXT',
      failure: { rule: 'gate-spf-limits', details: ['stadt.example: it needs 11 look-ups, 10 are allowed'] },
    },
  ]);
  const sheet = { municipality: 'M', id: 'm', zurueck: false, back: [], atRelay: {}, stuck: [] };
  expect(hosterSheetText({ ...sheet, held: found, rows: [row('done', 'MX')] })).toContain(
    'NOCH NICHTS ÄNDERN: SPF-Eintrag von stadt.example\n  Empfänger müssten für den neuen Eintrag mehr nachschlagen',
  );
});

test.each<[string, HosterRow[], { now: number; then: number }]>([
  ['needs no more than they make', [row('change')], { now: 10, then: 10 }],
  ['needs no more than the one that is there', [row('change')], { now: 12, then: 12 }],
  ['is there already', [row('done')], { now: 10, then: 11 }],
  ['is an MX', [row('change', 'MX')], { now: 10, then: 11 }],
])('it is told to write a record that %s', async (_, rows, lookUps) => {
  expect(await held(rows, lookUps)).toEqual([]);
});
