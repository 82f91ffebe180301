import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../lib/cli/exit.js';
import { folderWith, program, removeFolders } from './harness.js';
import { mailversand, musterstadt, project } from './commands/project.js';

afterEach(removeFolders);

describe('help and version', () => {
  test('the help lists every command with examples and exit codes', async () => {
    const { exit, out } = await mailversand('/', '--help');
    expect(exit).toBe(ExitCode.done);
    expect(out).toMatchSnapshot();
  });

  test.each([
    'validate',
    'stage',
    'server',
    'rueckweg',
    'hosterblatt',
    'matrix',
    'vorabpruefung',
    'diff',
    'deploy',
    'beobachten',
    'anbindungstest',
    'env',
    'setup',
    'rehearse',
    'rehearsal',
  ])('%s --help has an example', async (command) => {
    const { exit, out } = await mailversand('/', command, '--help');
    expect(exit).toBe(ExitCode.done);
    expect(out).toContain('Examples:');
  });

  test('the version is that of tool, providers and engine', async () => {
    const folder = folderWith();
    program(folder, 'tofu', 'echo "OpenTofu v1.12.6"');
    const { exit, out } = await mailversand(folder, '--version');
    expect(exit).toBe(ExitCode.done);
    expect(out).toMatch(/^mailversand \d+\.\d+\.\d+\nproviders {3}.+\nengine {6}OpenTofu 1\.12\.6 \(.+\)\n$/);
  });
});

describe('what cannot be understood ends with 4 and a remedy', () => {
  test.each([
    [[], 'name a command'],
    [['valdate'], 'valdate'],
    [['validate', '--jsn'], 'jsn'],
    [['rueckweg'], 'an argument is missing'],
    [['vorabpruefung'], 'usage: npx mailversand vorabpruefung <municipality|domain>'],
    [['domain', 'musterstadt'], 'usage: npx mailversand domain <municipality> <action> <domain> [stage]'],
    [['rueckweg', 'musterstadt', '--reached', 'x'], 'reached is not a number, allowed are 0, 1, 2, 3, 4'],
    [['anbindungstest', 'musterstadt', '--antwort'], '--antwort needs a value'],
    [['anbindungstest', 'musterstadt', '--empfaenger'], '--empfaenger needs a value'],
    [['vorabpruefung', 'nicht_gut.example'], 'needed: a-z, 0-9 and hyphens'],
    [['stage', 'musterstadt', 'two'], 'two'],
    [['beobachten', 'musterstadt', '--wait', 'soon'], 'soon'],
    [['beobachten', 'musterstadt', '--wait'], '--wait wants a length of time, e.g. --wait 2h'],
    [['deploy', 'musterstadt', '--wait'], '--wait wants a length of time, e.g. --wait 2h'],
    [['deploy', 'musterstadt', '--wait', '--yes'], '--wait wants a length of time, e.g. --wait 2h'],
    [['rehearse', 'musterstadt', '--load=many'], '--load "many" is no number of mails a second'],
    [['rehearse', 'musterstadt', '--load=0'], '--load=N takes more than 0, up to 1000'],
    [['rehearse', 'musterstadt', '--load', '--faults=-1'], '--faults "-1" is no number of seconds'],
    [['rehearse', 'musterstadt', '--faults'], 'faults -> load'],
    [['vorabpruefung', 'Musterstadt.example'], 'write musterstadt.example'],
    [['vorabpruefung', 'müllerstadt.example'], 'xn--'],
    [['vorabpruefung', 'musterstadt.yaml'], 'musterstadt.yaml'],
    [['vorabpruefung', '../x.example'], '../x.example'],
  ])('%j', async (args, named) => {
    const { exit, note } = await mailversand(project(), ...args);
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain(named);
    expect(note).toMatch(/\[[a-z-]+\]\n$/);
  });

  test('a near name is suggested', async () => {
    const { exit, note } = await mailversand(project(), 'matrix', 'musterstatd');
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain('did you mean musterstadt?');
  });

  test.each(['../musterstadt', '/etc/passwd', 'musterstadt.yaml', 'a/b', '-x', 'muster stadt', ''])(
    '%j is refused as a name, for every command that takes one',
    async (name) => {
      for (const command of ['stage', 'rueckweg', 'hosterblatt', 'matrix', 'diff', 'deploy']) {
        const { exit, note } = await mailversand(project(), command, name);
        expect(exit).toBe(ExitCode.badInput);
        expect(note).toMatch(/\[(municipality-name|arguments)\]/);
      }
    },
  );

  test('outside a project', async () => {
    const { exit, note } = await mailversand('/', 'validate');
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain('no cdktf.json');
  });

  test('with --json the error is JSON', async () => {
    const { exit, out, note } = await mailversand(project(), 'matrix', 'nowhere', '--json');
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toBe('');
    expect(JSON.parse(out)).toMatchObject({ error: { rule: 'municipality-unknown', exit: 4 } });
  });

  test('two formats at once', async () => {
    const { exit, out } = await mailversand(project(), 'matrix', 'musterstadt', '--csv', '--json');
    expect(exit).toBe(ExitCode.badInput);
    expect(out).toContain('csv and json are mutually exclusive');
  });

  test('a deploy without a terminal and without --yes asks nobody and changes nothing', async () => {
    const { exit, note } = await mailversand(project(), 'deploy', 'musterstadt');
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain('--yes');
  });

  test.each([['diff'], ['deploy', '--yes']])(
    '%s into a rehearsal that does not run says how to start one, before anything is set up',
    async (command, ...options) => {
      for (const stack of ['musterstadt', 'platform']) {
        const { exit, note } = await mailversand(project(), command, stack, ...options);
        expect(exit).toBe(ExitCode.badInput);
        expect(note).toContain('[no-host-keys]');
        expect(note).toContain('--to 0 --keep');
      }
    },
  );

  test('the deploy of a platform file with problems ends with 4', async () => {
    const root = project();
    writeFileSync(join(root, 'stacks/platforms/rehearsal.yaml'), 'name: [\n');
    const { exit, note } = await mailversand(root, 'diff', 'platform');
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain('stacks/platforms/rehearsal.yaml:');
  });

  test('a deploy of a file with problems ends before anything is set up', async () => {
    const cwd = project({ 'municipalities/musterstadt.yaml': musterstadt.replace('stage: 0', 'stage: 7') });
    const { exit, note } = await mailversand(cwd, 'deploy', 'musterstadt', '--yes');
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain('municipalities/musterstadt.yaml:4:8');
  });
});

describe('completion', () => {
  test('commands, then municipalities', async () => {
    const cwd = project();
    const commands = await mailversand(cwd, '--get-yargs-completions', 'mailversand', 'st');
    expect(commands.out).toBe('stage\n');
    for (const command of ['deploy', 'vorabpruefung']) {
      const names = await mailversand(cwd, '--get-yargs-completions', 'mailversand', command, 'mu');
      expect(names.out).toBe('musterstadt\n');
    }
  });

  test('the script is for bash', async () => {
    const { out } = await mailversand('/', 'completion');
    expect(out).toContain('complete -o bashdefault -o default -F _mailversand_yargs_completions mailversand');
  });
});
