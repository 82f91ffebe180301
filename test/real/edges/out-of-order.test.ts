import { jest } from '@jest/globals';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';
import { readyForMx } from './move-mx.js';

jest.setTimeout(600_000);

const id = 'musterstadt';
const domain = 'musterstadt.example';
const today = new Date().toISOString().slice(0, 10);
const outage = `    outage: { reference: INC-2026-7, on: ${today} }\n`;

describeReal('a far end that is out of order', rehearsalNeeds, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(id);
    await desk.begin(id, 1, 2, 3, 4);
    await readyForMx(desk, id);
    await desk.apply(id);
    expect(await mx()).toContain('mx1.landesnetz.example.');
  });
  afterAll(() => desk.close());

  const mx = (): Promise<string> =>
    desk.rehearsal.must('dns', ['knotc', 'zone-read', `${domain}.`, `${domain}.`, 'MX']);

  const nft = (host: string, commands: string): Promise<string> =>
    desk.rehearsal.must(host, ['nft', commands]);
  const dies = (host: string): Promise<string> =>
    nft(
      host,
      'add table inet dead; add chain inet dead in { type filter hook input priority -10; policy drop; }; add chain inet dead through { type filter hook forward priority -10; policy drop; }',
    );
  const isMended = (host: string): Promise<string> => nft(host, 'delete table inet dead');

  /** In the platform file, below the name of the far end. */
  const declare = (name: string): Promise<void> =>
    desk.editPlatform((text) => text.replace(`\n  ${name}:\n`, (line) => `${line}${outage}`));
  const withdraw = (): Promise<void> => desk.editPlatform((text) => text.replaceAll(outage, ''));

  const acceptance = (): Promise<string> =>
    desk.rehearsal.must('relay', [
      'postmap',
      '-q',
      domain,
      'lmdb:/var/lib/mailversand-relay/accept_internet',
    ]);

  test('stops a deploy', async () => {
    await desk.rehearsal.municipalityOutgoing(id, 'direct');
    await desk.writeStage(id, 3);
    await dies('relay');
    const { exitCode, output } = await desk.mailversand('deploy', id, '--yes');
    expect([exitCode, output]).toEqual([5, expect.stringContaining('relay1')]);
    expect(await mx()).toContain('mx1.landesnetz.example.');
  });

  test('once the platform says so, the MX goes back without it, and mail comes directly', async () => {
    await declare('relay1');
    const { exitCode, output } = await desk.mailversand('deploy', id, '--yes');
    expect([exitCode, output]).toEqual([
      0,
      expect.stringMatching(/nothing was written there[\s\S]*INC-2026-7/),
    ]);
    expect(await mx()).toContain('mail.musterstadt.example.');
    const mail = await desk.rehearsal.send({ from: 'internet', to: domain });
    expect(mail).toMatchObject({ delivered: true, hops: [{ host: id }] });
  });

  test('and forwards nothing goes', async () => {
    await desk.writeStage(id, 4);
    const { exitCode } = await desk.mailversand('deploy', id, '--yes');
    expect(exitCode).toBe(5);
    await desk.writeStage(id, 3);
  });

  test('when it answers again, the next deploy writes what it lacks', async () => {
    expect(await acceptance()).toMatch(/^OK/);
    await isMended('relay');
    await withdraw();
    await desk.mustDeploy(id);
    expect(await acceptance()).toMatch(/^permit/);
    expect(await desk.plansNothing(id)).toBe(true);
  });

  test('the same goes for a gateway', async () => {
    await dies('gateway');
    await declare('gw1');
    await desk.reach(id, 2);
    await isMended('gateway');
    await withdraw();
    await desk.mustDeploy(id);
    expect(await desk.plansNothing(id)).toBe(true);
  });
});
