import { askAbout, lookAndAsk } from '../../lib/cli/hoster-asked.js';
import { gateMustAgree } from '../../lib/cli/hoster-gate.js';
import type { Municipality } from '../../lib/config/municipality.js';
import type { HosterAnswer, HosterRow } from '../../lib/migration/hoster-sheet.js';
import { at, musterstadt, platform } from '../migration/examples.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../provider/memory-far-ends.js';
import { answering, seen } from '../provider/resources/cutover/examples.js';
import { announced, registerOf, relayMx, rowsOf, withNew } from './hoster-examples.js';

const silent: HosterAnswer = { server: 'b', ttl: 0, data: [], problem: 'no answer within 3 s' };
const shows: HosterAnswer = { server: 'a', ttl: 60, data: ['10 mx1.relay.example.'] };

const row = (state: HosterRow['state'], answers: HosterAnswer[] = [], towardsRelay = true): HosterRow => ({
  record: {
    domain: 'musterstadt.example',
    zone: 'musterstadt.example',
    type: 'MX',
    ttl: 60,
    data: ['10 mx1.relay.example.'],
    towardsRelay,
  },
  answers,
  state,
  foreign: [],
});

describe('the gate', () => {
  /** With a gate that refuses whatever it is asked. */
  const asked = (one: HosterRow) =>
    gateMustAgree([one], { municipality: musterstadt, platform }, () =>
      Promise.resolve([{ severity: 'error', summary: 's', detail: 'd', rule: 'gate-ttl-aged' }]),
    );

  test.each([
    ['shows another host', row('change', [shows])],
    ['is seen by no server', row('unknown', [silent])],
    ['has no server at all', row('unknown')],
  ])('is asked of an MX to the relay that %s', async (_, one) => {
    await expect(asked(one)).rejects.toMatchObject({ rule: 'gate-ttl-aged', exit: 3 });
  });

  test.each([
    ['has moved', row('done', [shows])],
    ['has moved, as far as is seen', row('unknown', [shows, silent])],
    ['has moved, with a TTL that is too high', row('ttl', [shows])],
    ['is not instructed, for something is there that nobody knows', row('foreign', [shows])],
    ['goes back', row('unknown', [silent], false)],
  ])('is not asked of one that %s', async (_, one) => {
    await expect(asked(one)).resolves.toBeUndefined();
  });

  test('that agrees lets it be printed', async () => {
    const agree = gateMustAgree([row('change')], { municipality: musterstadt, platform }, () =>
      Promise.resolve([]),
    );
    await expect(agree).resolves.toBeUndefined();
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

  test('nobody waits for a hoster if it is refused at once', async () => {
    expect(await askedOf(changed, open)).toMatchObject({ asked: [open], waited: false, found: 'refused' });
  });
});

describe('an MX at the relay goes back only to servers that take its mail', () => {
  /** Of a file, where another was deployed last and the old server of each domain answers with a code. */
  function about(file: Municipality, deployed: Municipality, code: number, zurueck = false) {
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
    const asking = { municipality: zurueck ? deployed : file, wanted: file, platform, zurueck };
    return askAbout(rowsOf(file), asking, memoryFarEnds(storeOf(memory)));
  }

  test('of a domain that goes back by itself: no sheet', async () => {
    const [file, deployed] = [at(4, withNew(3)), at(4, withNew(4))];
    const rejected = { rule: 'gate-way-back', exit: 3 };
    await expect(about(file, deployed, 451)).rejects.toMatchObject(rejected);
    await expect(about(file, deployed, 451, true)).rejects.toMatchObject(rejected);
    await expect(about(file, deployed, 250)).resolves.toMatchObject({ back: ['neu.example'], stuck: [] });
  });

  test('of one that moved too early: a sheet that does not say so', async () => {
    const m = at(4, withNew(3));
    await expect(about(m, m, 451)).resolves.toMatchObject({ back: [], stuck: ['neu.example'] });
    await expect(about(m, m, 250)).resolves.toMatchObject({ back: [], stuck: [], warnings: [] });
  });

  test('nothing is asked for a sheet with nothing on it', async () => {
    const asking = { municipality: musterstadt, wanted: musterstadt, platform, zurueck: true };
    await expect(askAbout([], asking, memoryFarEnds(storeOf(emptyMemory())))).resolves.toMatchObject({
      back: [],
    });
  });
});
