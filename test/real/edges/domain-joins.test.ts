import { jest } from '@jest/globals';
import type { Municipality, StageNumber } from '../../../lib/config/municipality.js';
import { tryPaths } from '../../../lib/rehearsal/cells.js';
import { load } from '../../../lib/rehearsal/journey.js';
import type { SentMail } from '../../../lib/rehearsal/running.js';
import { withOutgoingTest } from '../../../lib/rehearsal/working-copy.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';
import { Guarded, programWithout } from './guards/guarded.js';
import { leaps, leavesSpfEarly } from './guards/one-domain.js';
import { recordPassedTest } from './passed-test.js';

jest.setTimeout(900_000);

const id = 'beispielhausen';
const needs = { root: true, programs: [...rehearsalNeeds.programs, 'policyd-spf'] } as const;

/** The domain that joins, with an SPF string; and the one that is there all the time. */
const joining = 'beispielhausen.example';
const old = 'stadtwerke-beispielhausen.example';

describeReal('a domain joins while the mail of another flows, at stage 4, and leaves again', needs, () => {
  let desk: Desk;
  let guarded: Guarded;
  /** Its entry in the file. */
  let entry = '';

  beforeAll(async () => {
    desk = await Desk.open(id);
    guarded = new Guarded(desk, id, await programWithout(desk));
    await desk.edit(id, (text) => {
      entry = / {2}- name: beispielhausen[^]*?(?= {2}- name: stadtwerke)/.exec(text)?.[0] ?? '';
      return text.replace(entry, '');
    });
    await desk.begin(id, 1, 2, 3, 4);
    await desk.rehearsal.municipalityOutgoing(id, 'relay', [old]);
    await readyToMove();
    await desk.edit(id, (text) => withOutgoingTest(text, '2026-01-31'));
    await desk.apply(id);
  });
  afterAll(() => guarded.close());
  afterEach(() => guarded.putRight());

  const municipality = (): Municipality =>
    load(id, desk.rehearsal.municipalitiesDir, desk.rehearsal.platformFile).municipality;

  /** Tests are passed, and no cache has the old TTL any more. */
  async function readyToMove(): Promise<void> {
    await recordPassedTest(desk.rehearsal, municipality(), 'anbindungstest');
    await recordPassedTest(desk.rehearsal, municipality(), 'ausgehend');
    await must('beobachten', id, '--wait', '60s');
  }

  async function must(...argv: string[]): Promise<string> {
    const { exitCode, output } = await desk.mailversand(...argv);
    if (exitCode !== 0) throw new Error(output);
    return output;
  }

  const domain = (...argv: string[]): Promise<string> => must('domain', id, ...argv);

  async function expectRefused(rule: string, remedy = ''): Promise<void> {
    const { exitCode, output } = await desk.mailversand('deploy', id, '--yes');
    expect(output).toContain(`[${rule}]`);
    // The engine breaks its lines where it likes.
    expect(output.replace(/[\s│]+/g, ' ')).toContain(remedy);
    expect(exitCode).toBe(3);
  }

  /** Deploys while mail of both domains goes both ways all the time; every one arrives, and nothing is left to do. */
  async function deployWithoutLoss(deploy = () => desk.apply(id)): Promise<void> {
    const mails: SentMail[] = [];
    const working = new AbortController();
    const ways = [joining, old].flatMap((name) =>
      ['internet', 'tenant', 'ndb'].flatMap((other) => [
        { from: other, to: name },
        { from: name, to: other },
      ]),
    );
    const sending = ways.map(async (way) => {
      while (!working.signal.aborted) mails.push(await desk.rehearsal.send(way));
    });
    try {
      await deploy();
    } finally {
      working.abort();
      await Promise.all(sending);
    }
    expect(mails.length).toBeGreaterThanOrEqual(ways.length);
    expect(mails.filter(({ delivered }) => !delivered)).toEqual([]);
    expect(await desk.plansNothing(id)).toBe(true);
  }

  /** The ways that mail of both domains takes are those of their stages. */
  async function expectWays(stage: StageNumber): Promise<void> {
    await desk.rehearsal.settled();
    const m = municipality();
    const of = (name: string): Municipality => ({
      ...m,
      domains: m.domains.filter((one) => one.name === name),
    });
    const cells = [
      ...(await tryPaths(desk.rehearsal, of(joining), stage)),
      ...(await tryPaths(desk.rehearsal, of(old), 4)),
    ];
    expect(cells.filter(({ expected }) => !expected)).toEqual([]);
    expect(cells.length).toBe(12);
  }

  test('in one leap it is refused, with the command that begins at stage 0', async () => {
    await desk.edit(id, (text) => text.replace('domains:\n', `domains:\n${entry}`));
    await expectRefused('gate-domain-step', `npx mailversand domain ${id} add`);
    await desk.edit(id, (text) => text.replace(entry, ''));
    const mx = ['10 mx1.beispielhausen.example', '20 mx2.beispielhausen.example'];
    const zone = ['--writer', 'landesnetz-dns', '--ttl', '5', '--spf', 'v=spf1 mx -all'];
    await domain('add', joining, '--mx', ...mx, ...zone);
    await deployWithoutLoss();
    await expectWays(0);
  });

  test('edge by edge, each with its own evidence, no mail is lost', async () => {
    await domain('stage', joining, '1');
    await deployWithoutLoss();
    await domain('stage', joining, '2');
    await expectRefused('gate-evidence', `domains[${joining}].connectionTestPassedOn`);
    const facts = `    connectionTestPassedOn: 2026-01-31
    ndb: { reference: NDB-1, reportedOn: 2026-01-31, confirmedOn: 2026-01-31 }\n`;
    await desk.edit(id, (text) => text.replace(`- name: ${joining}\n`, (name) => name + facts));
    await deployWithoutLoss();
    await expectWays(2);
    await domain('stage', joining, '3');
    await deployWithoutLoss();
    await expectWays(3);
  });

  test('its MX moves last, when its own outgoing mail was tested', async () => {
    await domain('stage', joining, '4');
    await deployWithoutLoss();
    await desk.rehearsal.municipalityOutgoing(id, 'relay');
    const tested = (text: string): string =>
      text.replace(`- name: ${joining}\n`, (name) => `${name}    outgoingTestPassedOn: 2026-01-31\n`);
    await desk.edit(id, tested);
    await readyToMove();
    await deployWithoutLoss();
    await expectWays(4);
  });

  test('it cannot be removed while it is in use, by hand or by the command', async () => {
    const text = await desk.edit(id, (before) => before);
    await desk.edit(id, (before) => before.replace(/ {2}- name: beispielhausen[^]*?(?=\n\w)/, ''));
    const removed = await desk.mailversand('deploy', id, '--yes');
    // The engine is earlier than the gate: what releases the record sets is configured by the entry.
    expect(removed.output).toContain('Provider configuration not present');
    expect(removed.exitCode).not.toBe(0);
    await desk.edit(id, () => text);
    const refused = await desk.mailversand('domain', id, 'remove', joining);
    expect(refused.output).toContain('[domain-in-use]');
  });

  test('back edge by edge nothing is lost', async () => {
    await domain('stage', joining, '3');
    await deployWithoutLoss();
    await desk.rehearsal.municipalityOutgoing(id, 'relay', [old]);
    for (const stage of [2, 1, 0] as const) {
      await domain('stage', joining, String(stage));
      await deployWithoutLoss();
      await expectWays(stage);
    }
  });

  leavesSpfEarly(() => guarded, joining, [old]);

  test('what was kept goes when its time is over, and then the domain', async () => {
    const end = Date.now() + 120_000;
    while (municipality().kept.length > 0) {
      if (Date.now() > end) throw new Error(JSON.stringify(municipality().kept));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const taken = await must('stage', id, '--drop-kept');
      if (/^Taken out/m.test(taken)) await deployWithoutLoss(() => desk.mustDeploy(id, '--wait', '1m'));
    }
    await domain('remove', joining);
    await deployWithoutLoss();
    const routes = await desk.rehearsal.must('relay', [
      'postmap',
      '-s',
      'lmdb:/var/lib/mailversand-relay/transport',
    ]);
    expect(routes).toMatch(/^beispielhausen\.example\tretry:/m);
  });

  leaps(
    () => guarded,
    joining,
    () => entry,
  );
});
