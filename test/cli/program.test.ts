import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode, type Answer } from 'dns-packet';
import { ExitCode } from '../../lib/cli/exit.js';
import { runProgram } from '../../lib/cli/program.js';
import { folderWith, program, removeFolders, testIo, type TestIo } from './harness.js';

afterEach(removeFolders);

const root = join(import.meta.dirname, '../..');
const musterstadt = readFileSync(join(root, 'municipalities/musterstadt.yaml'), 'utf8');
const platform = readFileSync(join(root, 'stacks/platforms/rehearsal.yaml'), 'utf8');

/** A project with one municipality at stage 0. */
const project = (files: Record<string, string> = {}): string =>
  folderWith({
    'cdktf.json': '{}',
    'municipalities/musterstadt.yaml': musterstadt,
    'stacks/platforms/rehearsal.yaml': platform,
    ...files,
  });

async function mailversand(cwd: string, ...args: string[]): Promise<TestIo['printed'] & { exit: ExitCode }> {
  const io = testIo({ cwd, env: { PATH: cwd, MAILVERSAND_CACHE: cwd } });
  const exit = await runProgram(args, io);
  return { exit, ...io.printed };
}

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

describe('validate', () => {
  test('without a problem', async () => {
    await expect(mailversand(project(), 'validate')).resolves.toEqual({
      exit: ExitCode.done,
      out: '1 municipality: no problem\n',
      note: '',
    });
  });

  test('every problem of every file, for people and for machines', async () => {
    const cwd = project({
      'municipalities/beispielhausen.yaml': 'name: [',
      'municipalities/musterstadt.yaml': musterstadt.replace('stage: 0', 'stage: 7\nstge: 1'),
    });
    const people = await mailversand(cwd, 'validate');
    expect(people.exit).toBe(ExitCode.badInput);
    expect(people.out).toBe('');
    expect(people.note).toContain('municipalities/beispielhausen.yaml:1:');
    const machines = await mailversand(cwd, 'validate', '--json');
    expect(machines.exit).toBe(ExitCode.badInput);
    const { valid, problems } = JSON.parse(machines.out) as { valid: boolean; problems: { rule: string }[] };
    expect(valid).toBe(false);
    expect(problems.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['stage']));
  });
});

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

describe('server', () => {
  const flowing = () =>
    project({ 'municipalities/musterstadt.yaml': musterstadt.replace('stage: 0', 'stage: 4') });
  const file = (cwd: string): string => readFileSync(join(cwd, 'municipalities/musterstadt.yaml'), 'utf8');
  const add = ['server', 'musterstadt', 'add', '10.128.0.9', '--inside', '192.168.10.6'];

  test('while mail flows: beside the old one, tested, and the old one is kept', async () => {
    const cwd = flowing();
    const added = await mailversand(cwd, ...add, '--port', '2525', '25');
    expect(added.out).toMatch(/joinedOn: \d{4}-.*\n.*gets no mail: npx mailversand validate/);
    expect(file(cwd)).toContain('    ports: [25, 2525]\n');
    const early = await mailversand(cwd, 'server', 'musterstadt', 'remove', '10.128.0.1');
    expect(early.exit).toBe(ExitCode.badInput);
    expect(early.note).toContain('[server-last]');
    const tested = await mailversand(cwd, 'server', 'musterstadt', 'tested', '10.128.0.9');
    // That is the register's to say, and there is none here.
    expect(tested.note).toContain('[no-host-keys]');
    expect(tested.exit).toBe(ExitCode.badInput);
    const text = file(cwd).replace(/joinedOn: (.*)/, '$&\n    testedOn: $1');
    writeFileSync(join(cwd, 'municipalities/musterstadt.yaml'), text);
    const removed = await mailversand(cwd, 'server', 'musterstadt', 'remove', '10.128.0.1');
    expect(removed.out).toMatch(/Kept until .*: the replaced server 192.168.10.5/);
    expect((await mailversand(cwd, 'validate')).out).toContain('no problem');
    expect(file(cwd)).toContain(
      'kept:\n  - { server: { inside: 192.168.10.5, transfer: 10.128.0.1, ports: [25] }',
    );
  });

  test('before, it is one of them', async () => {
    const cwd = project();
    const { out } = await mailversand(cwd, ...add);
    expect(out).toContain('Next: npx mailversand validate, npx mailversand diff');
    expect(file(cwd)).not.toContain('joinedOn');
  });

  test.each([
    [['add', '10.128.0.9'], '--inside is missing'],
    [['add', '10.128.0', '--inside', '192.168.10.6'], '"10.128.0" is no IPv4 address'],
    [['tested'], 'its transfer address is missing'],
    [['tested', '10.128.0.7'], '[server-unknown]'],
    [['replace', '10.128.0.9'], 'action is "replace", allowed are "add", "tested", "remove"'],
  ])('%j is refused, and the file stays', async (words, why) => {
    const cwd = flowing();
    const before = file(cwd);
    const { exit, note } = await mailversand(cwd, 'server', 'musterstadt', ...words);
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain(why);
    expect(file(cwd)).toBe(before);
  });

  test('a list that is written in another way is refused', async () => {
    const servers = 'servers: [{ inside: 192.168.10.5, transfer: 10.128.0.1 }]';
    const text = musterstadt.replace(/servers:\n.*\n.*transfer: 10.128.0.1/, servers);
    const { note } = await mailversand(project({ 'municipalities/musterstadt.yaml': text }), ...add);
    expect(note).toContain('[server-file]');
  });
});

describe('domain', () => {
  const flowing = () =>
    project({ 'municipalities/musterstadt.yaml': musterstadt.replace('stage: 0', 'stage: 4') });
  const file = (cwd: string): string => readFileSync(join(cwd, 'municipalities/musterstadt.yaml'), 'utf8');
  const zone = ['--writer', 'landesnetz-dns', '--mx', '10 mail.neu.example', '--ttl', '3600'];
  const add = ['domain', 'musterstadt', 'add', 'neu.example', ...zone];

  test('while mail flows it joins at stage 0, goes by itself, and goes back before it is removed', async () => {
    const cwd = flowing();
    const added = await mailversand(cwd, ...add, '--spf', 'v=spf1 mx -all');
    expect(added.out).toContain('domain musterstadt stage neu.example 1');
    expect((await mailversand(cwd, 'validate')).out).toContain('no problem');
    expect((await mailversand(cwd, 'stage', 'musterstadt')).out).toContain('neu.example is at Abschnitt 0');
    const one = await mailversand(cwd, 'domain', 'musterstadt', 'stage', 'neu.example', '1');
    expect(one.out).not.toContain('The gate will refuse');
    const two = await mailversand(cwd, 'domain', 'musterstadt', 'stage', 'neu.example', '2');
    expect(two.out).toMatch(/Settling until .*[^]*has: domains\[neu.example\].connectionTestPassedOn/);
    const early = await mailversand(cwd, 'domain', 'musterstadt', 'remove', 'neu.example');
    expect(early.note).toContain('[domain-in-use]');
    const back = await mailversand(cwd, 'domain', 'musterstadt', 'stage', 'neu.example', '1');
    expect(back.out).toMatch(/Kept until .*: what stage 2 brought neu.example; it may still be used by/);
    expect(file(cwd)).toContain('kept:\n  - { stage: 2, domain: neu.example, since: ');
    expect((await mailversand(cwd, 'validate')).out).toContain('no problem');
  });

  test('before, it is one of them, and simply goes', async () => {
    const cwd = project();
    const { out } = await mailversand(cwd, ...add, '--zone', 'neu.example');
    expect(out).toContain('Next: npx mailversand validate, npx mailversand diff');
    expect(file(cwd)).not.toContain('    stage:');
    await mailversand(cwd, 'domain', 'musterstadt', 'remove', 'neu.example');
    expect(file(cwd)).toBe(musterstadt);
  });

  test('that has gone back may have left a lock at the relay: its removal is the last to say how that is lifted', async () => {
    const cwd = flowing();
    await mailversand(cwd, ...add);
    const remove = (): ReturnType<typeof mailversand> =>
      mailversand(cwd, 'domain', 'musterstadt', 'remove', 'neu.example');
    const text = file(cwd);
    expect((await remove()).out).not.toContain('Sperre');
    const passed = text.replace('    stage: 0\n', '    stage: 0\n    connectionTestPassedOn: 2025-04-01\n');
    writeFileSync(join(cwd, 'municipalities/musterstadt.yaml'), passed);
    expect((await remove()).out).toMatch(
      /hebt am Relay relay1 die Sperre von neu.example auf\n.*dig.*\n.*postmap -d neu/,
    );
  });

  test('that replaces the only other one goes on with its municipality', async () => {
    const cwd = flowing();
    await mailversand(cwd, ...add);
    // As it is when the new one has come to stage 3, the old one has gone, and nothing of it is kept any more.
    const text = file(cwd)
      .replace('stage: 4', 'stage: 3')
      .replace('    stage: 0\n', '    stage: 3\n')
      .replace('- name: musterstadt.example\n', '$&    stage: 0\n');
    writeFileSync(join(cwd, 'municipalities/musterstadt.yaml'), text);
    await mailversand(cwd, 'domain', 'musterstadt', 'remove', 'musterstadt.example');
    const alone = await mailversand(cwd, 'domain', 'musterstadt', 'stage', 'neu.example', '4');
    expect(alone.note).toContain('npx mailversand stage musterstadt 4');
    const together = await mailversand(cwd, 'stage', 'musterstadt', '4');
    expect(together.exit).toBe(ExitCode.done);
    expect(together.out).toContain('has: domains[neu.example].ndb.confirmedOn\n');
    expect(file(cwd)).toMatch(/^stage: 4$[^]*name: neu.example\n {4}stage: 4\n/m);
    expect((await mailversand(cwd, 'validate')).out).toContain('no problem');
    expect((await mailversand(cwd, 'stage', 'musterstadt', '3')).exit).toBe(ExitCode.done);
  });

  test('that no command would accept is not written', async () => {
    const cwd = flowing();
    const before = file(cwd);
    const { exit, note } = await mailversand(cwd, ...add.with(3, 'landesnetz.example'));
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toMatch(/\[domain-foreign\][^]*is as it was[^]*\[file-after\]/);
    expect(file(cwd)).toBe(before);
  });

  test('whose MX waits is named', async () => {
    const cwd = flowing();
    await mailversand(cwd, ...add);
    const text = file(cwd).replace('    stage: 0\n', '    stage: 4\n');
    writeFileSync(join(cwd, 'municipalities/musterstadt.yaml'), text);
    expect((await mailversand(cwd, 'stage', 'musterstadt')).out).toContain(
      'The MX of neu.example has not moved',
    );
  });

  test.each([
    [['add', 'neu.example'], '--writer, --mx or --ttl is missing'],
    [['add', 'Neu.example', ...zone], 'the domain "Neu.example" is not a domain name in lower case'],
    [['add', 'musterstadt.example', ...zone], '[domain-there]'],
    [['add', 'neu.example', ...zone.slice(0, -1), 'viel'], '--ttl is not a number of seconds'],
    [['stage', 'neu.example', '1'], '[domain-unknown]'],
    [['stage', 'musterstadt.example'], 'the stage is missing'],
    [['stage', 'musterstadt.example', 'five'], '"five" is not a stage'],
    [['stage', 'musterstadt.example', '3'], '[domain-last]'],
    [['remove', 'musterstadt.example'], '[domain-last]'],
  ])('%j is refused, and the file stays', async (words, why) => {
    const cwd = flowing();
    const before = file(cwd);
    const { exit, note } = await mailversand(cwd, 'domain', 'musterstadt', ...words);
    expect(exit).toBe(ExitCode.badInput);
    expect(note).toContain(why);
    expect(file(cwd)).toBe(before);
  });

  test('a list that is written in another way is refused', async () => {
    const domains =
      'domains: [{ name: a.example, writer: hoster, mx: { ttl: 5, records: [10 mail.a.example] } }]';
    const text = musterstadt.replace(/domains:[^]*?(?=\n\w|$)/, domains);
    const { note } = await mailversand(project({ 'municipalities/musterstadt.yaml': text }), ...add);
    expect(note).toContain('[domain-file]');
  });
});

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

describe('vorabpruefung in a rehearsal’s shell', () => {
  const nullMx = (name: string): Answer => ({ type: 'MX', name, data: { preference: 0, exchange: '.' } });

  /** A name server with nothing but a null MX, for every name. */
  async function nameServer(work: (port: number) => Promise<void>): Promise<void> {
    const server = createSocket('udp4');
    server.on('message', (question, { port, address }) => {
      const { id, questions = [] } = decode(question);
      const answers = questions.flatMap(({ type, name }) => (type === 'MX' ? [nullMx(name)] : []));
      server.send(encode({ id, type: 'response', questions, answers }), port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    await work(server.address().port).finally(() => server.close());
  }

  test('asks the rehearsal’s name server at its desk', async () => {
    await nameServer(async (port) => {
      const own = platform.replace('resolver: 203.0.113.53', `resolver: 127.0.0.1:${port}`);
      const cwd = project({ 'stacks/platforms/rehearsal.yaml': own });
      const io = testIo({ cwd, env: { MAILVERSAND_REHEARSAL: cwd, MAILVERSAND_AT_DESK: '1' } });
      const exit = await runProgram(['vorabpruefung', 'musterstadt.example'], io);
      expect([exit, io.printed.out]).toEqual([
        ExitCode.failed,
        expect.stringContaining('Die Domain erklärt mit einem Null-MX'),
      ]);
    });
  });

  test('says nothing about this machine’s own network', async () => {
    const cwd = project();
    const io = testIo({ cwd, env: { MAILVERSAND_REHEARSAL: join(cwd, 'ended') } });
    expect(await runProgram(['vorabpruefung', 'musterstadt.example'], io)).toBe(ExitCode.failed);
    expect(io.printed).toEqual({ out: '', note: '' });
  });
});

describe('rueckweg', () => {
  const file = musterstadt.replace('stage: 0', 'stage: 3');
  const cwd = () => project({ 'municipalities/musterstadt.yaml': file });

  test('in German: from now, and after the next edge', async () => {
    const { exit, out } = await mailversand(cwd(), 'rueckweg', 'musterstadt');
    expect(exit).toBe(ExitCode.done);
    expect(out).toContain('vom heutigen Stand\nvon Abschnitt 3 (Meldung der Domain im NdB) bis Abschnitt 0');
    expect(out).toContain('Rückweg nach dem nächsten Schritt, Abschnitt 3 → 4');
  });

  test('of one that has gone back and stays at stage 1: the lock that may be left at the relay', async () => {
    const stays = project({ 'municipalities/musterstadt.yaml': file.replace('stage: 3', 'stage: 1') });
    const { out } = await mailversand(stays, 'rueckweg', 'musterstadt');
    expect(out).toContain(
      "grep '^retry:' && runuser -u mv-relay -- postmap -d musterstadt.example lmdb:/var/lib/mailversand-relay/transport\n",
    );
    const json = await mailversand(stays, 'rueckweg', 'musterstadt', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ locks: [{ domain: 'musterstadt.example' }] });
    const routed = await mailversand(cwd(), 'rueckweg', 'musterstadt');
    expect(routed.out).not.toContain('Offen von einem früheren Rückweg');
  });

  test('at stage 4, while the MX waits: from now, and after it has moved', async () => {
    const text = file.replace('stage: 3', 'stage: 4').replace(/^outgoingTestPassedOn: .*\n/m, '');
    const waiting = project({ 'municipalities/musterstadt.yaml': text });
    const { out } = await mailversand(waiting, 'rueckweg', 'musterstadt');
    const [present, moved] = out.split('\nRückweg nach der Umstellung des MX\n');
    expect(present).not.toContain('bisheriger Weg trägt');
    expect(moved).toContain('bisheriger Weg trägt');
    const json = await mailversand(waiting, 'rueckweg', 'musterstadt', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ now: { from: 4 }, afterMx: { from: 4 } });
  });

  test('JSON; after the last edge there is no next', async () => {
    const last = project({ 'municipalities/musterstadt.yaml': file.replace('stage: 3', 'stage: 4') });
    const { out } = await mailversand(last, 'rueckweg', 'musterstadt', '--json');
    expect(JSON.parse(out)).toMatchObject({ municipality: 'musterstadt', now: { from: 4, seconds: 20 } });
    expect(out).not.toContain('afterNext');
  });

  test('of one domain that goes by itself; the municipality’s way names it', async () => {
    const text = file.replace(
      /\nconnectionTest/,
      `
  - name: neu.example
    writer: hoster
    mx: { ttl: 5, records: [10 mail.neu.example] }
    stage: 1
connectionTest`,
    );
    const joined = project({ 'municipalities/musterstadt.yaml': text });
    const all = await mailversand(joined, 'rueckweg', 'musterstadt');
    expect(all.out).toContain('npx mailversand rueckweg musterstadt --domain neu.example\n');
    const { out } = await mailversand(joined, 'rueckweg', 'musterstadt', '--domain', 'neu.example');
    expect(out).toContain('Rückweg von neu.example allein, Musterstadt (AGS 15081901), vom heutigen Stand\n');
    expect(out).toContain('npx mailversand domain musterstadt stage neu.example 0\n');
    expect(out).toContain('Rückweg nach dem nächsten Schritt, Abschnitt 1 → 2');
    const unknown = await mailversand(joined, 'rueckweg', 'musterstadt', '--domain', 'fremd.example');
    expect([unknown.exit, unknown.note]).toEqual([
      ExitCode.badInput,
      expect.stringContaining('it has musterstadt.example, neu.example'),
    ]);
  });

  test('from the middle of an edge; two edges away is refused', async () => {
    const begun = await mailversand(cwd(), 'rueckweg', 'musterstadt', '--reached', '4');
    expect(begun.out).toContain('Schritt 1: den begonnenen Rückweg 4 → 3 zu Ende bringen');
    const far = await mailversand(cwd(), 'rueckweg', 'musterstadt', '--reached', '1');
    expect(far.exit).toBe(ExitCode.badInput);
    expect(far.note).toContain('[stage-one-step]');
  });
});

describe('matrix', () => {
  test('a table in German: the stage, and what the next edge adds', async () => {
    const { exit, out } = await mailversand(project(), 'matrix', 'musterstadt');
    expect(exit).toBe(ExitCode.done);
    expect(out).toMatchSnapshot();
  });

  test('CSV', async () => {
    const { out } = await mailversand(project(), 'matrix', 'musterstadt', '--csv');
    expect(out).toMatchSnapshot();
  });

  test('JSON', async () => {
    const { out } = await mailversand(project(), 'matrix', 'musterstadt', '--json');
    expect(JSON.parse(out)).toMatchObject([
      { source: '10.64.0.10', destination: '10.128.0.1', stage: 1, change: 'neu' },
    ]);
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
