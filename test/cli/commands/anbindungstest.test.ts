import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, musterstadt, project } from './project.js';

afterEach(removeFolders);

test.each([['anbindungstest'], ['beobachten']])(
  '%s without host keys says where they come from',
  async (command) => {
    const { exit, note } = await mailversand(project(), command, 'musterstadt');
    expect([exit, note]).toEqual([ExitCode.badInput, expect.stringContaining('[no-host-keys]')]);
  },
);

describe('a list of recipients for the connection test', () => {
  const tested = (stage: number, list: string, ...words: string[]) => {
    const file = musterstadt.replace(/^stage: \d/m, `stage: ${stage}`);
    const cwd = project({ 'municipalities/musterstadt.yaml': file, 'liste.txt': list });
    return mailversand(cwd, 'anbindungstest', 'musterstadt', '--empfaenger', ...words);
  };
  const good = 'post@musterstadt.example\n';

  test('is read before anything is asked for, and every error is shown with its place', async () => {
    const list = 'x\r\npost@musterstadt.example\r\n  y@fremd.example\r\n';
    const { exit, note } = await tested(4, list, 'liste.txt');
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toMatch(
      /^liste\.txt:1:1 {2}x\n.*\[recipient-address\]\nliste\.txt:3:3 {2}y@fremd\.example\n.*\[recipient-domain\]\n/,
    );
    expect(note).toContain('2 problems in liste.txt: nobody was asked');
  });

  test('that is right is no reason to end', async () => {
    const { note } = await tested(4, good, 'liste.txt');
    expect(note).toContain('[no-host-keys]');
  });

  test.each([
    [3, ['liste.txt'], 'musterstadt is at stage 3: the relay takes no mail from the Internet for it'],
    [4, ['fehlt.txt'], 'fehlt.txt cannot be read (ENOENT)'],
  ])('at stage %d, with %j: %s', async (stage, words, why) => {
    const { exit, note } = await tested(stage, good, ...words);
    expect([exit, note]).toEqual([ExitCode.badInput, expect.stringContaining(why)]);
    expect(note).toContain('[no-recipients]');
  });

  test('is not given together with an answer, of which nobody is asked anything', async () => {
    const { exit, note } = await tested(4, good, 'liste.txt', '--antwort', 'antwort.eml');
    expect([exit, note]).toEqual([ExitCode.badInput, expect.stringContaining('mutually exclusive')]);
  });
});
