import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { withWithdrawal } from '../../../lib/rehearsal/working-copy.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds, type Ran } from './desk.js';
import { Guarded, programWithout } from './guards/guarded.js';

jest.setTimeout(900_000);

const id = 'musterstadt';
const domain = 'musterstadt.example';

describeReal('what is kept has a clock of its own', rehearsalNeeds, () => {
  let desk: Desk;
  let guarded: Guarded;

  beforeAll(async () => {
    desk = await Desk.open(id);
    guarded = new Guarded(desk, id, await programWithout(desk));
    // Long enough for a bounded wait to run out on a slow machine.
    await silenceTime('40s');
    await desk.begin(id, 1, 2, 3, 4);
    await desk.rehearsal.municipalityOutgoing(id, 'relay');
    await desk.begin(id, 3);
  });
  afterAll(() => guarded.close());
  afterEach(() => guarded.putRight());

  const silenceTime = (duration: string): Promise<void> =>
    desk.editPlatform((text) => text.replace(/^silenceTime: .*$/m, `silenceTime: ${duration}`));

  const rulesIn = ({ output }: Ran): string[] => [
    ...new Set([...output.matchAll(/\[(gate-[a-z-]+)\]/g)].map(([, rule]) => rule ?? '')),
  ];

  /** Takes what is due out of the file, until the command says this. */
  async function dropUntil(text: string): Promise<void> {
    for (let said = ''; !said.includes(text);) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      said = (await desk.mailversand('stage', id, '--drop-kept')).output;
    }
  }

  const deploy = (...options: string[]): Promise<Ran> => desk.mailversand('deploy', id, '--yes', ...options);

  /** The deploy, once the register's clock of `kept`, which is a little behind the file's, refuses it no more. */
  async function deployAfterKept(): Promise<Ran> {
    for (;;) {
      const ran = await deploy();
      if (!rulesIn(ran).includes('gate-kept')) return ran;
    }
  }

  /** By hand, past the command. @returns the file as it was */
  const takeKeptOut = (): Promise<string> =>
    desk.edit(id, (text) => text.replace(/^kept:[\s\S]*?(?=^\S|$(?![\s\S]))/m, ''));

  /** The same once nobody has been heard for a while, either. */
  async function deployWhenSilent(): Promise<Ran> {
    for (;;) {
      await desk.mailversand('beobachten', id);
      const ran = await deployAfterKept();
      if (!rulesIn(ran).includes('gate-listener-silent')) return ran;
    }
  }

  const accepted = (): Promise<string> =>
    desk.rehearsal.must('relay', ['postmap', '-s', 'lmdb:/var/lib/mailversand-relay/accept_ndb']);

  /** Its queue is over with the first try, as otherwise after days: what waits goes back to whoever wrote it. */
  const triesOnce = (host: string): Promise<void> =>
    guarded.fault(
      () => guarded.postconf(host, 'maximal_queue_lifetime=0'),
      () => guarded.postconf(host, 'maximal_queue_lifetime=5d'),
    );

  /** What a host's own server says last of a mail that nobody takes. */
  async function givenUp(from: string, to: string): Promise<string> {
    const sender = `aufgegeben-${Math.random().toString(36).slice(2)}@${guarded.domain(from)}`;
    expect(await guarded.ends({ from, to, sender })).toMatch(/status=deferred/);
    return guarded.fate(new RegExp(`from=<${sender}>, status=expired`), [from], to);
  }

  /** A partner has a table in which the domain still goes to the relay. */
  async function oldTable(): Promise<void> {
    const today = (await guarded.sh('ndb', 'postconf transport_maps')).trim();
    await guarded.fault(
      () => guarded.postconf('ndb', `transport_maps=inline:{${domain}=relay:[10.64.0.11]:25}`),
      () => guarded.postconf('ndb', today),
    );
  }

  test('a municipality that still sends keeps its permission: gate-client-silent', async () => {
    await dropUntil('Taken out: what stage 4 brought');
    await triesOnce(id);
    expect(await guarded.arrives(id, 'internet')).toBe(true);
    const refused = await deployAfterKept();
    expect(rulesIn(refused)).toEqual(['gate-client-silent']);
    expect(refused.exitCode).toBe(3);
    expect(await guarded.arrives(id, 'internet')).toBe(true);

    await guarded.applyWithout('gate-client-silent');
    expect(await givenUp(id, 'internet')).toContain('returned to sender');
    await desk.rehearsal.municipalityOutgoing(id, 'direct');
  });

  test('partners are told to send to the relay until the NdB has confirmed: gate-ndb-withdrawn', async () => {
    await desk.reach(id, 2);
    await dropUntil(`domains[${domain}].ndb.withdrawnOn`);
    const kept = await takeKeptOut();
    await oldTable();
    await triesOnce('ndb');
    // It was silent, for a moment; that says nothing of the next mail.
    await silenceTime('1s');
    expect(await guarded.arrives('ndb')).toBe(true);
    const refused = await deployWhenSilent();
    expect(rulesIn(refused)).toEqual(['gate-ndb-withdrawn']);
    expect(refused.exitCode).toBe(3);

    await guarded.applyWithout('gate-ndb-withdrawn');
    expect(await givenUp('ndb', id)).toContain('returned to sender');
    await silenceTime('40s');
    await desk.edit(id, () => withWithdrawal(kept, '2026-02-28'));
    await desk.apply(id);
  });

  test('a partner with the old table is no longer taken from: gate-listener-silent', async () => {
    await oldTable();
    await triesOnce('ndb');
    const kept = await takeKeptOut();
    expect(await guarded.arrives('ndb')).toBe(true);
    expect(rulesIn(await deployAfterKept())).toEqual(['gate-listener-silent']);
    expect(await guarded.arrives('ndb')).toBe(true);

    await guarded.applyWithout('gate-listener-silent');
    expect(await givenUp('ndb', id)).toContain('returned to sender');
    await desk.edit(id, () => kept);
    await desk.apply(id);
  });

  test('the deploy says that a partner still sends, and waits no longer than it may', async () => {
    await takeKeptOut();
    await oldTable();
    expect(await guarded.arrives('ndb')).toBe(true);
    expect(rulesIn(await deployAfterKept())).toEqual(['gate-listener-silent']);
    const over = await deploy('--wait', '2s');
    expect(over.output).toMatch(
      /relay_acceptance:relay1\/musterstadt\.example\/ndb is silent since .*: until 20/,
    );
    expect(rulesIn(over)).toEqual(['gate-wait-over']);
    expect(over.exitCode).toBe(3);
    expect(await accepted()).toContain(domain);
  });

  test('a wait is interrupted and leaves nothing behind, and the next one takes it up and goes on', async () => {
    const { signal } = await desk.interrupt(/- relay_acceptance/, 'deploy', id, '--yes', '--wait', '10m');
    expect(signal).toBe('SIGINT');
    const states = desk.rehearsal.env.MAILVERSAND_STATE_DIR ?? '';
    expect(existsSync(join(states, `.${id}.tfstate.lock.info`))).toBe(false);
    expect(existsSync(join(desk.folder(id), '../../..', `${id}.lock`))).toBe(false);
    expect(await accepted()).toContain(domain);

    const waited = await deploy('--wait', '10m');
    expect(waited.exitCode).toBe(0);
    expect(await accepted()).not.toContain(domain);
    await oldTable();
    expect(await guarded.ends({ from: 'ndb' })).toMatch(/^ndb: .*status=deferred/);
  });
});
