import { askAbout, lookAndAsk } from '../../lib/cli/hoster-asked.js';
import { lookAtEach } from '../../lib/cli/gate-look.js';
import { heldByGate } from '../../lib/cli/hoster-gate.js';
import { notHeld } from '../../lib/cli/hoster-held.js';
import type { Municipality } from '../../lib/config/municipality.js';
import { UnreachableError } from '../../lib/provider/element.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import {
  hosterRecords,
  hosterRow,
  type HosterAnswer,
  type HosterRow,
} from '../../lib/migration/hoster-sheet.js';
import { hosterSheetText } from '../../lib/migration/hoster-sheet-text.js';
import { at, musterstadt, platform } from '../migration/examples.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../provider/memory-far-ends.js';
import { answering, seen } from '../provider/resources/cutover/examples.js';
import { announced, registerOf, relayMx, rowsOf, withNew } from './hoster-examples.js';

const silent: HosterAnswer = { server: 'b', ttl: 0, data: [], problem: 'no answer within 3 s' };
const shows: HosterAnswer = { server: 'a', ttl: 60, data: ['10 mx1.relay.example.'] };

const row = (
  state: HosterRow['state'],
  answers: HosterAnswer[] = [],
  towardsRelay = true,
  domain = 'musterstadt.example',
): HosterRow => ({
  record: {
    domain,
    zone: domain,
    type: 'MX',
    ttl: 60,
    data: ['10 mx1.relay.example.'],
    towardsRelay,
  },
  answers,
  state,
  foreign: [],
  otherNames: [],
});

describe('the gate', () => {
  const no = { severity: 'error', summary: 'too young', detail: 'd', rule: 'gate-ttl-aged' } as const;

  /** With a gate that refuses these domains. */
  const asked = (rows: HosterRow[], ...refused: string[]) =>
    heldByGate(musterstadt, rows, (domains) =>
      Promise.resolve(domains.map((domain) => ({ domain, refused: refused.includes(domain) ? [no] : [] }))),
    );
  const domain = 'musterstadt.example';

  test.each([
    ['shows another host', row('change', [shows])],
    ['is seen by no server', row('unknown', [silent])],
    ['has no server at all', row('unknown')],
  ])('is asked of an MX to the relay that %s', async (_, one) => {
    await expect(asked([one], domain)).resolves.toMatchObject([
      {
        domains: [domain],
        type: 'MX',
        failure: { rule: 'gate-ttl-aged', exit: 3, details: ['too young [gate-ttl-aged]'] },
      },
    ]);
  });

  test.each([
    ['has moved', row('done', [shows])],
    ['has moved, as far as is seen', row('unknown', [shows, silent])],
    ['has moved, with a TTL that is too high', row('ttl', [shows])],
    ['is not instructed, for something is there that nobody knows', row('foreign', [shows])],
    ['goes back', row('unknown', [silent], false)],
  ])('is not asked of one that %s', async (_, one) => {
    await expect(asked([one], domain)).resolves.toEqual([]);
  });

  test('that agrees lets it be printed', async () => {
    await expect(asked([row('change')])).resolves.toEqual([]);
  });

  test('that refuses one domain holds up no other', async () => {
    const rows = [row('change'), row('change', [], true, 'neu.example')];
    await expect(asked(rows, 'neu.example')).resolves.toMatchObject([
      { domains: ['neu.example'], type: 'MX', reason: 'gate' },
    ]);
  });

  test('that cannot be asked holds up what would move, and nothing else', async () => {
    const rows = [row('change'), row('change', [], false, 'neu.example')];
    const away = heldByGate(musterstadt, rows, () => Promise.reject(new UnreachableError('gw1: away')));
    await expect(away).resolves.toMatchObject([{ domains: [domain], type: 'MX', failure: { exit: 5 } }]);
    const broken = heldByGate(musterstadt, rows, () => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
  });

  test('is asked of each MX as of the only one that moves', async () => {
    const m = at(4, withNew(4));
    const memory = emptyMemory();
    memory.elements = { register: registerOf(m), 'relay relay1': announced(domain) };
    for (const name of [domain, 'neu.example'])
      memory.observations[name] = [seen('MX', '10 mail.musterstadt.example.', { domain: name })];
    const farEnds = memoryFarEnds(storeOf(memory));
    const looked = await lookAtEach({ municipality: m, platform }, [domain, 'neu.example'], farEnds);
    const rules = looked.map(({ refused }) => refused.map(({ rule }) => rule));
    // The relay has no route for the new one alone; what is refused of both are clocks and tests.
    expect(rules[0]).not.toContain('gate-relay-routes');
    expect(rules[1]).toContain('gate-relay-routes');
    const moved = looked.flatMap(({ domain: name, refused }) =>
      refused.filter(({ attribute }) => attribute === 'moves').map(({ summary }) => [name, summary]),
    );
    expect(moved.length).toBeGreaterThan(2);
    for (const [name = '', summary] of moved) expect(summary).toContain(`The MX of ${name} `);
  });
});

describe('an MX that is held up leaves its SPF record on the sheet, for which the rule may be waiting', () => {
  const own = '10 mail.musterstadt.example.';
  const withoutRelay = 'v=spf1 mx ip4:198.51.100.25 -all';
  const domains = ['musterstadt.example', 'neu.example'];

  /** Of a file whose servers all show this MX and an SPF record without the relay, where another was deployed last. */
  async function sheetOf(file: Municipality, deployed: Municipality, mx: string, mxTtl: number, code = 250) {
    const shown = { MX: [mx], TXT: [withoutRelay] };
    const all = hosterRecords(desiredState(file, platform), file, platform).map((record) => {
      const ttl = record.type === 'MX' ? mxTtl : record.ttl;
      return hosterRow(record, [{ server: 'a', ttl, data: shown[record.type] }], [], file, platform);
    });
    const memory = emptyMemory();
    memory.elements = { register: registerOf(deployed), 'relay relay1': domains.flatMap(announced) };
    for (const domain of domains)
      memory.observations[domain] = [seen('MX', mx, { domain }), seen('SPF', withoutRelay, { domain })];
    const { host, answers } = answering('mail.musterstadt.example', code);
    memory.mailHosts[host] = [...answers];
    const asking = { municipality: file, wanted: file, platform, zurueck: false };
    const { held, ...answer } = await askAbout(all, asking, memoryFarEnds(storeOf(memory)));
    const rows = notHeld(all, held);
    const about = { municipality: 'M', id: file.id, zurueck: false };
    return { held, rows, text: hosterSheetText({ ...about, ...answer, held, rows }) };
  }

  const rowsIn = (rows: readonly HosterRow[]): string[] =>
    rows.map(({ record: { type, domain }, state }) => `${type} ${domain}: ${state}`);

  test('towards the relay', async () => {
    const m = at(4, withNew());
    const { held, rows, text } = await sheetOf(m, m, own, 60);
    expect(held).toMatchObject([{ domains, type: 'MX', reason: 'gate' }]);
    expect(held[0]?.failure.details.join()).toContain('[gate-spf-lists-relay]');
    expect(rowsIn(rows)).toEqual(['TXT musterstadt.example: change', 'TXT neu.example: change']);
    expect(text).toContain('NOCH NICHTS ÄNDERN: MX von musterstadt.example, neu.example\n');
    expect(text).toContain(
      'neu.example. 3600 IN TXT "v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx ip4:198.51.100.25 -all"',
    );
    expect(text).not.toContain(' IN MX ');
  });

  test('on the way back', async () => {
    const { held, rows } = await sheetOf(at(3, withNew()), at(4, withNew()), relayMx, 60, 451);
    expect(held).toMatchObject([{ type: 'MX', reason: 'way-back' }]);
    expect(rowsIn(rows).filter((one) => one.startsWith('TXT'))).toHaveLength(2);
  });

  test('and one that only lowers its TTL is held up by nothing', async () => {
    for (const [stage, mx] of [
      [3, own],
      [4, relayMx],
    ] as const) {
      const { held, rows } = await sheetOf(at(stage, withNew()), at(stage, withNew()), mx, 3600);
      expect(held).toEqual([]);
      expect(rowsIn(rows)).toContain('MX neu.example: ttl');
    }
  });
});

describe('what is printed was asked about as it stands', () => {
  const open = [row('unknown', [silent])];
  const changed = [row('change', [shows])];

  /** Of which rows it was asked, in order, by a waiting that ends with some. */
  async function askedOf(after: HosterRow[] | undefined, refused: HosterRow[] = []) {
    const asked: HosterRow[][] = [];
    let waited = false;
    const ask = (rows: HosterRow[]): Promise<number> => {
      asked.push(rows);
      return rows === refused ? Promise.reject(new Error('refused')) : Promise.resolve(asked.length);
    };
    const wait = (): Promise<HosterRow[]> => {
      waited = true;
      return Promise.resolve(after ?? []);
    };
    const found = await lookAndAsk(() => Promise.resolve(open), ask, after && wait).catch(
      (error: unknown) => (error as Error).message,
    );
    return { asked, waited, found };
  }

  test('without a wait once', async () => {
    expect(await askedOf(undefined)).toMatchObject({ asked: [open], found: { rows: open, answer: 1 } });
  });

  test('before the wait and of the last look', async () => {
    expect(await askedOf(changed)).toMatchObject({
      asked: [open, changed],
      found: { rows: changed, answer: 2 },
    });
    expect(await askedOf(changed, changed)).toMatchObject({ found: 'refused' });
  });

  test('what is done by then is asked about no more', async () => {
    const done = [row('done', [shows])];
    expect(await askedOf(done)).toMatchObject({ asked: [open], found: { rows: done, answer: 1 } });
  });

  test('where there was nothing to wait for it is not asked again', async () => {
    const asked: HosterRow[][] = [];
    const ask = (rows: HosterRow[]): Promise<number> => Promise.resolve(asked.push(rows));
    const found = await lookAndAsk(
      () => Promise.resolve(open),
      ask,
      (rows) => Promise.resolve(rows),
    );
    expect({ asked, found }).toEqual({ asked: [open], found: { rows: open, answer: 1 } });
  });

  test('nobody waits for a hoster if it is refused at once', async () => {
    expect(await askedOf(changed, open)).toMatchObject({ asked: [open], waited: false, found: 'refused' });
  });
});

describe('an MX at the relay goes back only to servers that take its mail', () => {
  /** Of a file, where another was deployed last and the old server of each domain answers with a code. */
  function about(
    file: Municipality,
    deployed: Municipality,
    code: number,
    zurueck = false,
    away: string[] = [],
  ) {
    const memory = emptyMemory();
    memory.elements = {
      register: registerOf(deployed),
      'relay relay1': [...announced('musterstadt.example'), ...announced('neu.example')],
    };
    for (const domain of ['musterstadt.example', 'neu.example'])
      memory.observations[domain] = [seen('MX', relayMx, { domain })];
    const recipients = [{ recipient: 'postmaster@neu.example', code, text: 'closed' }];
    const [answer] = answering('mail.musterstadt.example', 250).answers;
    if (answer) memory.mailHosts['mail.musterstadt.example'] = [{ ...answer, recipients }];
    memory.unreachable = away;
    const asking = { municipality: zurueck ? deployed : file, wanted: file, platform, zurueck };
    return askAbout(rowsOf(file), asking, memoryFarEnds(storeOf(memory)));
  }

  test('of a domain that goes back by itself: it is held up, and no other', async () => {
    const [file, deployed] = [at(4, withNew(3)), at(4, withNew(4))];
    const held = [
      {
        ...{ domains: ['neu.example'], type: 'MX', reason: 'way-back' },
        failure: { rule: 'gate-way-back', exit: 3 },
      },
    ];
    await expect(about(file, deployed, 451)).resolves.toMatchObject({ held });
    await expect(about(file, deployed, 451, true)).resolves.toMatchObject({ held });
    await expect(about(file, deployed, 250)).resolves.toMatchObject({ back: ['neu.example'], stuck: [] });
  });

  test('of one that moved too early: a sheet that does not say so', async () => {
    const m = at(4, withNew(3));
    await expect(about(m, m, 451)).resolves.toMatchObject({ back: [], stuck: ['neu.example'] });
    await expect(about(m, m, 250)).resolves.toMatchObject({ back: [], stuck: [], warnings: [] });
  });

  test('while the relay is away: one that goes back is told so, one that is at the relay is held up', async () => {
    const [file, deployed] = [at(4, withNew(3)), at(4, withNew(4))];
    await expect(about(file, deployed, 250, false, ['relay relay1'])).resolves.toMatchObject({
      back: ['neu.example'],
      held: [{ domains: ['musterstadt.example'], type: 'MX', reason: 'unreachable', failure: { exit: 5 } }],
    });
  });

  test('nothing is asked for a sheet with nothing on it', async () => {
    const asking = { municipality: musterstadt, wanted: musterstadt, platform, zurueck: true };
    await expect(askAbout([], asking, memoryFarEnds(storeOf(emptyMemory())))).resolves.toMatchObject({
      back: [],
    });
  });
});
