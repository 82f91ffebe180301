import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';

jest.setTimeout(600_000);

const id = 'musterstadt';

describeReal('the gate cannot be passed by', rehearsalNeeds, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(id);
    await desk.begin(id, 1);
    // Two steps at once, as a hand may write it.
    const settling = 'settling: { since: 2026-01-31T08:00:00Z, until: 2026-01-31T08:00:03Z }\n';
    await desk.edit(id, (text) => text.replace(/^stage: 1$/m, 'stage: 3') + settling);
    await desk.synth(id);
  });
  afterAll(() => desk.close());

  const routes = (): Promise<string> =>
    desk.rehearsal.must('relay', ['postmap', '-s', 'lmdb:/var/lib/mailversand-relay/transport']);

  async function expectRefused(rule: string, ...argv: string[]): Promise<void> {
    const { exitCode, output } = await desk.engine(id, ...argv);
    expect(output).toContain(`[${rule}]`);
    expect(exitCode).not.toBe(0);
    expect(await routes()).not.toContain('musterstadt.example');
  }

  test('by a plain deploy, which ends with exit code 3', async () => {
    const { exitCode, output } = await desk.mailversand('deploy', id, '--yes');
    expect(output).toContain('[gate-one-step]');
    expect(exitCode).toBe(3);
  });

  test('by -target', async () => {
    const synthesised = await readFile(join(desk.folder(id), 'cdk.tf.json'), 'utf8');
    const { resource } = JSON.parse(synthesised) as { resource: Record<string, object> };
    const [name = ''] = Object.keys(resource['landesnetz_relay_route'] ?? {});
    const address = `landesnetz_relay_route.${name}`;
    await expectRefused('gate-one-step', 'apply', '-auto-approve', '-input=false', `-target=${address}`);
  });

  test('by -refresh=false', async () => {
    await expectRefused('gate-one-step', 'apply', '-auto-approve', '-input=false', '-refresh=false');
  });

  test('by a saved plan that has aged', async () => {
    await desk.edit(id, (text) => text.replace(/^stage: 3$/m, 'stage: 2'));
    await desk.synth(id);
    await desk.mustEngine(id, 'plan', '-input=false', '-out=aged.plan');
    // Meanwhile a colleague, with a state of his own, goes back to stage 0.
    const register = join('/var/lib/mailversand-register', 'elements');
    await desk.rehearsal.must('register', ['sed', '-i', `s/^stages ${id} 1,/stages ${id} 0,/`, register]);
    await expectRefused('gate-one-step', 'apply', '-input=false', 'aged.plan');
    await desk.rehearsal.must('register', ['sed', '-i', `s/^stages ${id} 0,/stages ${id} 1,/`, register]);
  });

  test('on a relay that is set otherwise', async () => {
    const postconf = (value: string): Promise<string> =>
      desk.rehearsal.must('relay', ['postconf', '-e', `parent_domain_matches_subdomains = ${value}`]);
    await postconf('smtpd_access_maps');
    const { exitCode, output } = await desk.mailversand('deploy', id, '--yes');
    expect(output).toContain('parent_domain_matches_subdomains');
    expect(output).toContain('[gate-relay-settings]');
    expect(exitCode).toBe(3);
    await postconf('');
    expect(await routes()).not.toContain('musterstadt.example');
  });
});
