import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, musterstadt, project } from './project.js';

afterEach(removeFolders);

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
