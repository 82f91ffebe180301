import { jest } from '@jest/globals';
import { load } from '../../../lib/rehearsal/journey.js';
import type { SentMail } from '../../../lib/rehearsal/running.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';
import { Guarded, programWithout } from './guards/guarded.js';
import { recordPassedTest } from './passed-test.js';
import { readyForMx } from './move-mx.js';

jest.setTimeout(900_000);

const id = 'beispielhausen';
const domain = 'beispielhausen.example';
const [old, fresh] = ['10.128.0.2', '10.128.0.3'];

describeReal('a mail server is replaced while mail flows, at stage 4', rehearsalNeeds, () => {
  let desk: Desk;
  let guarded: Guarded;
  /** The file's second domain. */
  let second = '';

  beforeAll(async () => {
    desk = await Desk.open(id);
    guarded = new Guarded(desk, id, await programWithout(desk));
    await desk.mailversand('server', id, 'remove', fresh);
    await desk.edit(id, (text) => {
      second = /\n {2}- name: stadtwerke[^]*?(?=\n\w)/.exec(text)?.[0] ?? '';
      return text.replace(second, '');
    });
    await desk.begin(id, 1, 2, 3, 4);
    await readyForMx(desk, id);
    await desk.apply(id);
    await desk.rehearsal.settled();
  });
  afterAll(() => guarded.close());
  afterEach(() => guarded.putRight());

  const hop = async (): Promise<string> => {
    const maps = await desk.rehearsal.must('relay', [
      'postmap',
      '-s',
      'lmdb:/var/lib/mailversand-relay/transport',
    ]);
    return maps.split('\n').find((line) => line.startsWith(domain)) ?? '';
  };

  /** Every mail that was sent while something was done, in both directions, one after the other. */
  async function mailsDuring(work: () => Promise<void>): Promise<SentMail[]> {
    const mails: SentMail[] = [];
    const working = new AbortController();
    const ways = ['internet', 'tenant', 'ndb'].flatMap((other) => [
      { from: other, to: domain },
      { from: domain, to: other },
    ]);
    const sending = ways.map(async (way) => {
      while (!working.signal.aborted) mails.push(await desk.rehearsal.send(way));
    });
    try {
      await work();
    } finally {
      working.abort();
      await Promise.all(sending);
    }
    return mails;
  }

  async function expectNoneLost(work: () => Promise<void>): Promise<void> {
    const mails = await mailsDuring(work);
    expect(mails.length).toBeGreaterThan(6);
    expect(mails.filter(({ delivered }) => !delivered)).toEqual([]);
  }

  const server = async (...argv: string[]): Promise<void> => {
    const { exitCode, output } = await desk.mailversand('server', id, ...argv);
    if (exitCode !== 0) throw new Error(output);
  };

  /** The new server's address leads to a server that refuses everything, until the test is over. */
  const refusesAtFresh = (): Promise<void> => {
    const refusing = '2525 inet n - n - - smtpd -o smtpd_client_restrictions=reject';
    const toIt = 'iifname lan ip daddr 10.20.0.12 tcp dport 25 redirect to :2525';
    return guarded.fault(
      () =>
        guarded.sh(
          id,
          `postconf -M '2525/inet=${refusing}'; postfix reload; nft add table ip fresh; nft 'add chain ip fresh in { type nat hook prerouting priority -100 ; }'; nft add rule ip fresh in ${toIt}`,
        ),
      () => guarded.sh(id, 'nft delete table ip fresh; postconf -MX 2525/inet; postfix reload'),
    );
  };

  test('all in one deploy it is refused, for what would go at once', async () => {
    await desk.edit(id, (text) => text.replace(old, fresh).replace('10.20.0.11', '10.20.0.12'));
    const { exitCode, output } = await desk.mailversand('deploy', id, '--yes');
    expect(output).toContain('[gate-kept-missing]');
    expect(exitCode).toBe(3);
    await desk.edit(id, (text) => text.replace(fresh, old).replace('10.20.0.12', '10.20.0.11'));
    expect(await hop()).toContain(old);
  });

  test('a new server that refuses everything, before the old one and untried: gate-server-untried', async () => {
    await refusesAtFresh();
    const before = await desk.edit(id, (text) =>
      text
        // A day later: the time after an edge, in which nothing bounces, is over.
        .replace(/^settling: .*\n/m, '')
        .replace('servers:\n', `servers:\n  - inside: 10.20.0.12\n    transfer: ${fresh}\n`),
    );
    await desk.synth(id);
    expect(await guarded.refusedOnceDue()).toEqual(['gate-server-untried']);
    expect(await guarded.arrives('internet')).toBe(true);

    await guarded.applyWithout('gate-server-untried');
    expect(await guarded.ends({ from: 'tenant' })).toMatch(/^relay: .*status=bounced .*554/);
    await desk.edit(id, () => before);
    await desk.synth(id);
    await guarded.applyWithout('gate-kept-missing,gate-client-silent');
    expect(await hop()).not.toContain(fresh);
  });

  test('beside the old one, it can be reached and gets no mail', async () => {
    await server('add', fresh, '--inside', '10.20.0.12');
    await expectNoneLost(() => desk.mustDeploy(id));
    expect(await hop()).not.toContain(fresh);
    const ask = `exec 3<>/dev/tcp/${fresh}/25; head -n 1 <&3`;
    const banner = await desk.rehearsal.must('relay', ['bash', '-c', ask]);
    expect(banner).toMatch(/^220 /);
  });

  test('a new server that refuses what nobody has set up there, and nothing is kept: gate-server-settling', async () => {
    await refusesAtFresh();
    const before = await desk.edit(id, (text) => {
      const [entry = ''] = / {2}- inside: 10\.20\.0\.12\n(?: {4}.*\n)*/.exec(text) ?? [];
      const first = entry.replace(/joinedOn: (.*)/, '$&\n    testedOn: $1');
      return text
        .replace(/^settling: .*\n/m, '')
        .replace(entry, '')
        .replace('servers:\n', `servers:\n${first}`);
    });
    await desk.synth(id);
    expect(await guarded.refusedOnceDue()).toEqual(['gate-server-settling']);
    expect(await guarded.arrives('internet')).toBe(true);

    await guarded.applyWithout('gate-server-settling');
    expect(await guarded.ends({ from: 'tenant' })).toMatch(/^relay: .*status=bounced .*554/);
    await desk.edit(id, () => before);
    await desk.synth(id);
    await guarded.applyWithout('gate-kept-missing,gate-client-silent');
  });

  test('tested, it gets mail, and the old one is kept', async () => {
    const untested = await desk.mailversand('server', id, 'tested', fresh);
    expect(untested.output).toContain('[server-not-tested]');
    expect(untested.exitCode).toBe(3);
    const { municipality } = load(id, desk.rehearsal.municipalitiesDir, desk.rehearsal.platformFile);
    await recordPassedTest(desk.rehearsal, municipality, 'anbindungstest');
    await server('tested', fresh);
    await server('remove', old);
    await expectNoneLost(() => desk.mustDeploy(id));
    expect(await hop()).toContain(fresh);
    expect(await hop()).not.toContain(old);
    const clients = await desk.rehearsal.must('relay', [
      'postmap',
      '-s',
      'lmdb:/var/lib/mailversand-relay/clients',
    ]);
    expect(clients).toContain(old);
    expect(await desk.plansNothing(id)).toBe(true);
  });

  test('what was kept goes when its time is over and nobody sends from it any more', async () => {
    // Its people send from the new address; until here mail from the old one came through.
    await desk.rehearsal.must(id, ['postconf', '-e', 'smtp_bind_address=10.20.0.12']);
    await desk.rehearsal.must(id, ['postfix', 'reload']);
    const end = Date.now() + 120_000;
    for (let said = ''; !said.includes('Taken out: the replaced server 10.20.0.11');) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      said = (await desk.mailversand('stage', id, '--drop-kept')).output;
      if (Date.now() > end) throw new Error(said);
    }
    await expectNoneLost(() => desk.mustDeploy(id, '--wait', '2m'));
    expect(await desk.plansNothing(id)).toBe(true);
  });

  test('a domain that is added in one leap is refused, and nothing was touched', async () => {
    await desk.edit(id, (text) => text.replace(/(?<=\ndomains:[^]*?)(?=\n\w+:|$)/, second));
    const { exitCode, output } = await desk.mailversand('deploy', id, '--yes');
    expect(output).toContain('[gate-domain-step]');
    expect(exitCode).toBe(3);
    const routes = await desk.rehearsal.must('relay', [
      'postmap',
      '-s',
      'lmdb:/var/lib/mailversand-relay/transport',
    ]);
    expect(routes).not.toContain('stadtwerke');
  });
});
