import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, musterstadt, project } from './project.js';

afterEach(removeFolders);

describe('stage', () => {
  const at = (stage: number): string => musterstadt.replace('stage: 0', `stage: ${stage}`);
  const file = (cwd: string): string => readFileSync(join(cwd, 'municipalities/musterstadt.yaml'), 'utf8');

  test('forward: the file changes in one place, and what to do next is said', async () => {
    const cwd = project();
    const { exit, out } = await mailversand(cwd, 'stage', 'musterstadt', '1');
    expect(exit).toBe(ExitCode.done);
    expect(file(cwd)).toBe(at(1));
    expect(out).toContain('- stage: 0\n');
    expect(out).toContain('+ stage: 1\n');
    expect(out).toContain('npx mailversand deploy musterstadt');
  });

  test('forward without evidence: written, with what the gate will ask for', async () => {
    const cwd = project({
      'municipalities/musterstadt.yaml': musterstadt.replace('  approvedOn: 2025-01-20\n', ''),
    });
    const { exit, out } = await mailversand(cwd, 'stage', 'musterstadt', '1');
    expect(exit).toBe(ExitCode.done);
    expect(out).toContain('The gate will refuse the deploy until the file has: order.approvedOn');
  });

  test('back: what may still be used is kept, and by whom', async () => {
    const cwd = project({ 'municipalities/musterstadt.yaml': at(4) });
    const { exit, out } = await mailversand(cwd, 'stage', 'musterstadt', '3');
    expect(exit).toBe(ExitCode.done);
    expect(out).toMatch(/Kept until \d{4}-.+: what stage 4 brought; it may still be used by senders/);
    expect(file(cwd)).toMatch(/- \{ stage: 4, since: .+, until: .+ \}/);
  });

  test.each([
    ['2', 'more than one step'],
    ['7', 'not a stage'],
    ['-1', 'not a stage'],
  ])('to %s from 0 is refused, and the file stays', async (to, why) => {
    const cwd = project();
    const { exit, note } = await mailversand(cwd, 'stage', 'musterstadt', to);
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain(why);
    expect(file(cwd)).toBe(musterstadt);
  });

  test('to where it is already: nothing to do', async () => {
    const { exit, out } = await mailversand(project(), 'stage', 'musterstadt', '0');
    expect(exit).toBe(ExitCode.done);
    expect(out).toContain('at stage 0 already');
  });

  test('without a number: where it stands and what comes next', async () => {
    const { out } = await mailversand(project(), 'stage', 'musterstadt');
    expect(out).toBe(
      'Musterstadt: Abschnitt 0 (Bestellt), vollständig\nNext: Abschnitt 1 (Netzfreischaltung)\n  nothing is missing for it\n',
    );
  });

  test('--drop-kept takes out what is due and leaves what is not', async () => {
    const kept = 'kept:\n  - { stage: 4, since: 2025-01-01T00:00:00Z, until: 2099-01-01T00:00:00Z }\n';
    const cwd = project({ 'municipalities/musterstadt.yaml': at(3) + kept });
    const staying = await mailversand(cwd, 'stage', 'musterstadt', '--drop-kept');
    expect(staying.note).toBe('');
    expect(staying.out).toBe('Stays: what stage 4 brought, until 2099-01-01T00:00:00Z: may still be used\n');
    writeFileSync(
      join(cwd, 'municipalities/musterstadt.yaml'),
      at(3) + kept.replace('2099-01-01', '2025-01-07'),
    );
    const due = await mailversand(cwd, 'stage', 'musterstadt', '--drop-kept');
    expect(due.out).toContain('Taken out: what stage 4 brought');
    expect(due.out).not.toContain('Sperre');
    expect(file(cwd)).toBe(at(3));
  });

  test('--drop-kept says how the lock is lifted that a route leaves', async () => {
    const kept = 'kept:\n  - { stage: 2, since: 2025-01-01T00:00:00Z, until: 2025-01-02T00:00:00Z }\n';
    const cwd = project({ 'municipalities/musterstadt.yaml': at(1) + kept });
    const { out } = await mailversand(cwd, 'stage', 'musterstadt', '--drop-kept');
    expect(out).toMatch(
      /\nnach dem Deploy, Dataport Techniker: hebt am Relay relay1 die Sperre von musterstadt.example auf, .*postmap -d musterstadt.example/,
    );
  });
});

describe('stage, after an edge', () => {
  const file = (cwd: string): string => readFileSync(join(cwd, 'municipalities/musterstadt.yaml'), 'utf8');
  const at2 = (until: string): string =>
    musterstadt.replace('stage: 0', `stage: 2\nsettling: { since: 2025-01-01T00:00:00Z, until: ${until} }`);

  test('the edge forward says until when nothing bounces', async () => {
    const cwd = project({ 'municipalities/musterstadt.yaml': musterstadt.replace('stage: 0', 'stage: 1') });
    const { out } = await mailversand(cwd, 'stage', 'musterstadt', '2');
    expect(out).toMatch(/Settling until \d{4}-\S+: the relay keeps what the municipality's servers refuse/);
    expect(file(cwd)).toMatch(/^stage: 2\nsettling: \{ since: \S+, until: \S+ \}$/m);
  });

  test('--settled ends it when its time is over, and not before', async () => {
    const cwd = project({ 'municipalities/musterstadt.yaml': at2('2099-01-01T00:00:00Z') });
    const early = await mailversand(cwd, 'stage', 'musterstadt', '--settled');
    expect(early.out).toBe('Still settling: until 2099-01-01T00:00:00Z: the edge is not that old\n');
    const standing = await mailversand(cwd, 'stage', 'musterstadt');
    expect(standing.out).toContain('settling: until 2099-01-01T00:00:00Z: the edge is not that old\n');
    writeFileSync(join(cwd, 'municipalities/musterstadt.yaml'), at2('2025-01-02T00:00:00Z'));
    const due = await mailversand(cwd, 'stage', 'musterstadt');
    expect(due.out).toContain('Settled: npx mailversand stage musterstadt --settled\n');
    const { out } = await mailversand(cwd, 'stage', 'musterstadt', '--settled');
    expect(out).toContain('Settled: from the deploy on, refusals bounce and foreign senders are refused\n');
    expect(file(cwd)).toBe(musterstadt.replace('stage: 0', 'stage: 2'));
    const none = await mailversand(cwd, 'stage', 'musterstadt', '--settled');
    expect(none.out).toBe('Nothing is settling.\n');
  });
});
