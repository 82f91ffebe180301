import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, musterstadt, project } from './project.js';

afterEach(removeFolders);

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
