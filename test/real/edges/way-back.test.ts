import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { liftingCommands } from '../../../lib/migration/relay-lock.js';
import { withWithdrawal } from '../../../lib/rehearsal/working-copy.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';

jest.setTimeout(900_000);

const id = 'musterstadt';
const domain = 'musterstadt.example';

describeReal('going back from the middle of an edge, with mail in the queue', rehearsalNeeds, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(id);
    await desk.begin(id, 1, 2, 3);
    await desk.rehearsal.settled();
  });
  afterAll(() => desk.close());

  const nft = (...commands: string[]): Promise<string> =>
    desk.rehearsal.must(id, ['nft', commands.join('; ')]);

  /** Nobody at the municipality answers: what comes waits in the relay. */
  const hangUp = (): Promise<string> =>
    nft(
      'add table ip quiet',
      'add chain ip quiet in { type filter hook input priority 0; policy accept; }',
      'add rule ip quiet in tcp dport 25 drop',
    );

  /** Takes everything that is kept out of the file, each as soon as its time is over. */
  async function dropKept(): Promise<void> {
    const file = join(desk.rehearsal.municipalitiesDir, `${id}.yaml`);
    while (/^kept:/m.test(await readFile(file, 'utf8'))) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { exitCode, output } = await desk.mailversand('stage', id, '--drop-kept');
      if (exitCode !== 0) throw new Error(output);
    }
  }

  const queued = async (): Promise<number> => {
    const queue = await desk.rehearsal.must('relay', ['postqueue', '-j']);
    return queue.split('\n').filter((line) => line.includes(`@${domain}`)).length;
  };

  async function said(command: string, ...options: string[]): Promise<string> {
    const { exitCode, output } = await desk.mailversand(command, id, ...options);
    if (exitCode !== 0) throw new Error(output);
    return output;
  }

  test('the edge 3 → 4 dies in the middle: the plan back begins with the stage that the register says', async () => {
    await desk.writeStage(id, 4);
    await desk.synth(id);
    await desk.killEngine(id, /Creation complete/, 'apply', '-auto-approve', '-input=false');
    const { output } = await desk.mailversand('rueckweg', id, '--reached', '3');
    expect(output).toContain('von Abschnitt 3 (Meldung der Domain im NdB) bis Abschnitt 0');
    await desk.writeStage(id, 3);
    await desk.mustDeploy(id);
    expect(await desk.plansNothing(id)).toBe(true);
    const mail = await desk.rehearsal.send({ from: 'internet', to: domain });
    expect(mail).toMatchObject({ delivered: true });
  });

  test('with mail in the queue route and translation stay, and it is delivered when the server is back', async () => {
    // What the dead edge has begun goes first: the relay leaves SPF in a later deploy than the permission to send.
    await dropKept();
    await desk.mustDeploy(id, '--wait', '2m');
    await hangUp();
    const waiting = desk.rehearsal.send({ from: 'tenant', to: domain, timeoutMs: 300_000 });
    while ((await queued()) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    for (const stage of [2, 1] as const) await desk.reach(id, stage);
    await desk.edit(id, (text) => withWithdrawal(text, '2026-02-28'));
    await dropKept();
    const refused = await desk.mailversand('deploy', id, '--yes');
    expect(refused.output).toMatch(/\[gate-(in-use|kept)\]/);
    expect(refused.exitCode).toBe(3);
    await nft('delete table ip quiet');
    expect(await waiting).toMatchObject({ delivered: true });
    expect(await queued()).toBe(0);
  });

  test('and then everything goes; what waits behind the lock that is left is told until that is lifted', async () => {
    await desk.mustDeploy(id, '--wait', '2m');
    expect(await said('rueckweg')).toContain('(zurzeit wartet dort keine Mail)');
    // As whoever still uses the relay.
    const sendmail = ['/usr/sbin/sendmail', '-f', 'a@landesamt.example', `behind-lock@${domain}`];
    await desk.rehearsal.must('relay', sendmail, 'Subject: behind the lock\n\n');
    while ((await queued()) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await desk.writeStage(id, 0);
    const warning = `relay1 holds mail for 1 recipient of ${domain} behind its lock [relay-lock]`;
    expect(await said('deploy', '--yes')).toContain(warning);
    expect(await said('beobachten')).toContain(
      `${domain}: locked at relay1, where mail for 1 recipient waits`,
    );
    expect(await said('rueckweg')).toContain(
      `die Sperre von ${domain} auf (zurzeit wartet dort Mail an 1 Empfänger)`,
    );
    // The rehearsal's relay has no user of its own.
    const lift = liftingCommands(domain)[1].replace('runuser -u mv-relay -- ', '');
    await desk.rehearsal.must('relay', ['sh', '-ec', lift]);
    expect(await said('rueckweg')).not.toContain('noch gesperrt');
    expect(await said('diff')).not.toContain('[relay-lock]');
    expect(await desk.plansNothing(id)).toBe(true);
    expect(await desk.rehearsal.send({ from: 'tenant', to: domain })).toMatchObject({ delivered: true });
  });
});
