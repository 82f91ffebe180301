import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, musterstadt, platform, project } from './project.js';

afterEach(removeFolders);

describe('hosterblatt', () => {
  test('a municipality whose zones the platform writes has none', async () => {
    const { exit, out } = await mailversand(project(), 'hosterblatt', 'musterstadt');
    expect(exit).toBe(ExitCode.done);
    expect(out).toContain('Keine Zone liegt bei einem Hoster');
  });

  test('JSON', async () => {
    const { out } = await mailversand(project(), 'hosterblatt', 'musterstadt', '--json');
    expect(JSON.parse(out)).toMatchObject({ id: 'musterstadt', zurueck: false, back: [], rows: [] });
  });

  describe('of a domain whose name servers nobody can ask', () => {
    const hoster = () =>
      project({
        'municipalities/musterstadt.yaml': musterstadt
          .replace('stage: 0', 'stage: 3')
          .replace('writer: landesnetz-dns', 'writer: hoster'),
        'stacks/platforms/rehearsal.yaml': platform.replace('resolver: 203.0.113.53', 'resolver: 127.0.0.1'),
      });
    const words = ['hosterblatt', 'musterstadt', '--zurueck'];

    test('is printed, and the exit code says that it was compared with nothing', async () => {
      const { exit, out, note } = await mailversand(hoster(), ...words);
      expect(exit).toBe(ExitCode.unreachable);
      expect(out).toContain('neu (zum Kopieren):');
      expect(out).not.toContain('npx mailversand');
      expect(note).toContain('npx mailversand hosterblatt musterstadt --zurueck --warten');
      expect(note).toContain('[unreachable]');
    });

    test('is waited for, and the command that is to be called again is that of the same sheet', async () => {
      const { exit, note } = await mailversand(hoster(), ...words, '--warten', '1s');
      expect(exit).toBe(ExitCode.refused);
      expect(note).toContain('call npx mailversand hosterblatt musterstadt --zurueck --warten 1s again');
    });

    test('JSON: one document', async () => {
      const { exit, out } = await mailversand(hoster(), ...words, '--json');
      expect(exit).toBe(ExitCode.unreachable);
      expect(JSON.parse(out)).toMatchObject({ rows: [{ state: 'unknown' }, { state: 'unknown' }] });
    });
  });

  describe('of two domains of which one may not go back, because nobody takes its mail there', () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFu5hIcAHUYJSDEBLPVnwDIU7w0tSJ4ZcLnzVyOqGWpY';
    const nobody = `127.0.0.1, port: 1, hostKey: '${key}'`;
    const [entry = ''] = /^ {2}- name: musterstadt\.example\n(?: {4}.*\n)+/m.exec(musterstadt) ?? [];
    const two = () =>
      project({
        'municipalities/musterstadt.yaml': musterstadt
          .replace(entry, `${entry}${entry.replaceAll('musterstadt.example', 'neu.example')}    stage: 3\n`)
          .replaceAll('writer: landesnetz-dns', 'writer: hoster')
          .replace('stage: 0', 'stage: 4'),
        'stacks/platforms/rehearsal.yaml': platform
          .replace('resolver: 203.0.113.53', 'resolver: 127.0.0.1')
          .replace(/ssh: \{ host: 10\.64\.0\.\d+/g, `ssh: { host: ${nobody}`),
      });
    const words = ['hosterblatt', 'musterstadt', '--zurueck'];

    test('the sheet of the other is printed, and the exit code is that of the one', async () => {
      const { exit, out, note } = await mailversand(two(), ...words);
      expect(out).toContain('NOCH NICHTS ÄNDERN: MX von musterstadt.example\n');
      expect(out).toContain('neu.example. 2 IN MX');
      expect(out).not.toMatch(/musterstadt\.example\. .*IN MX/);
      expect(out).toMatch(/musterstadt\.example\. .*IN TXT/);
      expect(note).toContain('the MX of musterstadt.example may not move back');
      expect(note).toContain('[unreachable]');
      expect(exit).toBe(ExitCode.refused);
    });

    test('is waited for without the one', async () => {
      const { note } = await mailversand(two(), ...words, '--warten', '1s');
      expect(note).toMatch(/^- MX neu\.example @.*: unknown: /m);
      expect(note).not.toMatch(/^- MX musterstadt\.example/m);
      expect(note).toContain('[gate-way-back]');
    });

    test('JSON has both', async () => {
      const { exit, out } = await mailversand(two(), ...words, '--json');
      expect(exit).toBe(ExitCode.refused);
      expect(JSON.parse(out)).toMatchObject({
        held: [
          {
            ...{ domains: ['musterstadt.example'], type: 'MX', reason: 'way-back' },
            ...{ rule: 'gate-way-back', exit: 3 },
          },
        ],
        rows: [
          { record: { type: 'MX', domain: 'neu.example' } },
          { record: { type: 'TXT', domain: 'musterstadt.example' } },
          { record: { type: 'TXT', domain: 'neu.example' } },
        ],
      });
    });
  });

  test('of the last domain at the stage of its municipality names the sheet of all', async () => {
    const cwd = project({ 'municipalities/musterstadt.yaml': musterstadt.replace('stage: 0', 'stage: 3') });
    const words = ['hosterblatt', 'musterstadt', '--zurueck', '--domain', 'musterstadt.example'];
    const { exit, note } = await mailversand(cwd, ...words);
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain('npx mailversand hosterblatt musterstadt --zurueck, and when that is done');
    expect(note).toContain('[domain-last]');
  });

  test.each([
    [['--zurueck'], 'musterstadt stands at stage 0, from which no way goes back'],
    [['--zurueck', '--domain', 'musterstadt.example'], 'musterstadt.example stands at stage 0'],
    [['--domain', 'fremd.example'], 'musterstadt has no domain fremd.example'],
    [['--warten', '0'], '"0" is not a length of time'],
    [['--warten', '90'], 'write a number followed by s, m, h or d'],
  ])('%j is refused', async (words, why) => {
    const { exit, note } = await mailversand(project(), 'hosterblatt', 'musterstadt', ...words);
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain(why);
  });
});
