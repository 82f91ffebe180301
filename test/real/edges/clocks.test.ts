import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { withWithdrawal } from '../../../lib/rehearsal/working-copy.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds, type Ran } from './desk.js';

jest.setTimeout(900_000);

const id = 'musterstadt';
const domain = 'musterstadt.example';

describeReal('what is kept has a clock of its own', rehearsalNeeds, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(id);
    // Long enough for a bounded wait to run out on a slow machine.
    await desk.editPlatform((text) => text.replace(/^silenceTime: .*$/m, 'silenceTime: 40s'));
    for (const stage of [1, 2, 3, 4] as const) await desk.reach(id, stage);
    await desk.rehearsal.municipalityOutgoing(id, 'relay');
    await desk.reach(id, 3);
  });
  afterAll(() => desk.close());

  const rulesIn = ({ output }: Ran): string[] => [
    ...new Set([...output.matchAll(/\[(gate-[a-z-]+)\]/g)].map(([, rule]) => rule ?? '')),
  ];

  /** How a mail ended, as its sender's log says; `delivered` where it arrived. */
  async function mailEnds(from: string, to: string): Promise<string> {
    const { delivered, why = '' } = await desk.rehearsal.send({ from, to, timeoutMs: 10_000 });
    return delivered ? 'delivered' : (/status=(\w+)/.exec(why)?.[1] ?? why);
  }

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

  /** Only the gate knows that somebody still sends: told that no silence is asked for, it lets the plan through. */
  async function deployUnguarded(): Promise<void> {
    await desk.mailversand('beobachten', id);
    await desk.synth(id);
    const file = join(desk.folder(id), 'cdk.tf.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/"silence_time": \d+/, '"silence_time": 0'));
    await desk.mustEngine(id, 'apply', '-auto-approve', '-input=false');
  }

  const accepted = (): Promise<string> =>
    desk.rehearsal.must('relay', ['postmap', '-s', 'lmdb:/var/lib/mailversand-relay/accept_ndb']);

  test('a municipality that still sends keeps its permission: gate-client-silent', async () => {
    await dropUntil('Taken out: what stage 4 brought');
    expect(await mailEnds(id, 'internet')).toBe('delivered');
    const refused = await deployAfterKept();
    expect(rulesIn(refused)).toEqual(['gate-client-silent']);
    expect(refused.exitCode).toBe(3);
    expect(await mailEnds(id, 'internet')).toBe('delivered');

    await deployUnguarded();
    expect(await mailEnds(id, 'internet')).toBe('deferred');
    await desk.rehearsal.municipalityOutgoing(id, 'direct');
  });

  test('the NdB’s acceptance stays until the NdB has confirmed: gate-ndb-withdrawn', async () => {
    await desk.reach(id, 2);
    await dropUntil(`domains[${domain}].ndb.withdrawnOn`);
    // By hand, past the command.
    await desk.edit(id, (text) => text.replace(/^kept:[\s\S]*?(?=^\S|$(?![\s\S]))/m, ''));
    const refused = await deploy();
    expect(rulesIn(refused)).toContain('gate-ndb-withdrawn');
    expect(refused.exitCode).toBe(3);
    await desk.edit(id, (text) => withWithdrawal(text, '2026-02-28'));
  });

  test('a partner with the old table still sends: the deploy says so, and waits no longer than it may', async () => {
    const table = `inline:{${domain}=relay:[10.64.0.11]:25}`;
    await desk.rehearsal.must('ndb', ['postconf', '-e', `transport_maps=${table}`]);
    await desk.rehearsal.must('ndb', ['postfix', 'reload']);
    expect(await mailEnds('ndb', domain)).toBe('delivered');
    const refused = await deployAfterKept();
    expect(rulesIn(refused)).toEqual(['gate-listener-silent']);
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
    expect(await mailEnds('ndb', domain)).toBe('deferred');
  });
});
