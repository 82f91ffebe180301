import { askAbout, type Answer } from '../../lib/cli/hoster-asked.js';
import { notHeld } from '../../lib/cli/hoster-held.js';
import type { Municipality } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { hosterRecords, hosterRow } from '../../lib/migration/hoster-sheet.js';
import { hosterSheetText } from '../../lib/migration/hoster-sheet-text.js';
import { changeStage, isRefusal } from '../../lib/migration/stage-change.js';
import { formatHolds } from '../../lib/provider/resources/reached.js';
import { after, at, now, platform as lab, withdrawn } from '../migration/examples.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../provider/memory-far-ends.js';
import { element, registerOf, withNew } from './hoster-examples.js';

const day = 86_400;
const platform = {
  ...lab,
  ...{ senderQueueLifetime: 5 * day, silenceTime: 3 * day, settlingTime: day, ndbDistribution: 2 * day },
};
const both = ['musterstadt.example', 'neu.example'];
const withoutRelay = 'v=spf1 mx ip4:198.51.100.25 -all';
const inDays = (days: number): Date => new Date(now.getTime() + days * day * 1000);

/** Both domains went back from stage 4 to 1 on one day, each edge deployed. */
function wentBack(): Municipality {
  let m = at(4, withdrawn(withNew()));
  for (const stage of [3, 2, 1]) {
    const change = changeStage(m, platform, stage, now);
    if (isRefusal(change)) throw new Error(change.refused);
    m = change.after;
  }
  return m;
}

/** What comes of `stage --drop-kept` on such a day. */
const dropped = (m: Municipality, days: number): Municipality => dropKept(m, platform, inDays(days)).after;

/** The sheet of a file, where another was deployed on such a day, and every SPF record still has the relay. */
async function sheetOf(
  file: Municipality,
  deployed: Municipality,
  days: number,
  { zurueck = false, away = false, mx = '10 mail.musterstadt.example.' } = {},
): Promise<{ text: string; held: Answer['held'] }> {
  const shown = {
    MX: mx,
    TXT: 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx ip4:198.51.100.25 -all',
  };
  const rows = hosterRecords(desiredState(file, platform), file, platform).map((record) =>
    hosterRow(
      record,
      [{ server: '192.0.2.53', ttl: record.ttl, data: [shown[record.type]] }],
      [],
      file,
      platform,
    ),
  );
  const recordedAt = after(days * day);
  const holds = desiredState(deployed, platform).gate.holds.map((hold) => ({ ...hold, recordedAt }));
  const memory = emptyMemory();
  memory.elements = {
    register: [...registerOf(deployed), element('holds', deployed.id, ...formatHolds(holds))],
  };
  if (away) memory.unreachable = ['register'];
  const asking = { municipality: file, wanted: file, platform, zurueck };
  const { held, ...answer } = await askAbout(rows, asking, memoryFarEnds(storeOf(memory)));
  return {
    text: hosterSheetText({
      municipality: 'M',
      id: file.id,
      zurueck,
      ...answer,
      held,
      rows: notHeld(rows, held),
    }),
    held,
  };
}

const heldUp = (domains: string[], ...details: string[]) => [
  { domains, type: 'TXT', reason: 'spf', failure: { rule: 'gate-hoster-spf', exit: 3, details } },
];

describe('a hoster is told to take the relay out of SPF only once a deploy has', () => {
  const deployed = wentBack();
  const first = dropped(deployed, 6);
  const second = dropped(first, 12);

  test('not while the register lets the municipality send, though its file lets it no more', async () => {
    expect(desiredState(second, platform).spfRecordSets.map(({ value }) => value)).toEqual([
      withoutRelay,
      withoutRelay,
    ]);
    const { text, held } = await sheetOf(second, deployed, 0);
    const why = both.map((domain) => `${domain}: by the register its servers may still send by the relay`);
    expect(held).toMatchObject(heldUp(both, ...why));
    expect(text).toContain('NOCH NICHTS ÄNDERN: SPF-Eintrag von musterstadt.example, neu.example\n');
    expect(text).not.toContain(withoutRelay);
  });

  test('not before its time is over by the clock of the register, which began with a late deploy', async () => {
    const { text, held } = await sheetOf(second, first, 9);
    const why = both.map(
      (domain) => `${domain}: the register keeps spf_relay:${domain} until ${after(14 * day)}`,
    );
    expect(held).toMatchObject(heldUp(both, ...why));
    expect(text).not.toContain(withoutRelay);
  });

  test('then it is', async () => {
    const { text, held } = await sheetOf(second, second, 14);
    expect(held).toEqual([]);
    expect(text).toContain(`neu.example. 3600 IN TXT "${withoutRelay}"`);
  });

  test('and an MX of the same domain that moved too early is an alarm all the same', async () => {
    const { text } = await sheetOf(second, first, 9, { mx: '10 mx1.relay.example.' });
    expect(text).toContain('ALARM: Der MX von neu.example zeigt zu früh auf das Relay.');
  });

  test('nor on a sheet for the edge back, with which nothing else is asked of the register', async () => {
    const { held } = await sheetOf(second, first, 9, { zurueck: true });
    expect(held).toMatchObject([{ domains: both, type: 'TXT', reason: 'spf' }]);
    const away = await sheetOf(second, first, 9, { zurueck: true, away: true });
    expect(away.held).toMatchObject([
      { domains: both, type: 'TXT', reason: 'unreachable', failure: { exit: 5 } },
    ]);
    const keeps = await sheetOf(first, deployed, 0, { zurueck: true, away: true });
    expect(keeps.held).toEqual([]);
  });

  test('of each domain by itself', async () => {
    const { text, held } = await sheetOf(at(3, withNew(2)), at(3, withNew(3)), 0);
    expect(held).toMatchObject(
      heldUp(['neu.example'], 'neu.example: the register still has spf_relay:neu.example'),
    );
    expect(text).toContain('SPF (TXT) von musterstadt.example: stimmt überall');
  });
});
