import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../lib/cli/exit.js';
import { runProgram } from '../../lib/cli/program.js';
import { relaySession } from '../provider/targets/relay-answers.js';
import { folderWith, program, removeFolders, testIo, type TestIo } from './harness.js';

const path = process.env['PATH'] ?? '';
afterEach(() => {
  process.env['PATH'] = path;
  removeFolders();
});

const file = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

/** With the times of a real platform, whose relay alone the templates describe, and the relay's key. */
const platform = Object.entries({
  senderQueueLifetime: '5d',
  loweredMxTtl: '300s',
  ndbDistribution: '2d',
  settlingTime: '1d',
  silenceTime: '3d',
})
  .reduce(
    (text, [name, time]) => text.replace(RegExp(`^${name}: .*`, 'm'), `${name}: ${time}`),
    file('stacks/platforms/rehearsal.yaml'),
  )
  .replace(
    'ssh: { host: 10.64.0.10 }',
    `ssh: { host: 10.64.0.10, hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}' }`,
  );

/** At stage 1, where an earlier way back may have ended, with a relay that speaks so in place of ssh. */
async function rueckweg(
  session: string,
  options: string[] = [],
  env: Record<string, string> = {},
): Promise<TestIo['printed']> {
  const cwd = folderWith({
    'cdktf.json': '{}',
    'municipalities/musterstadt.yaml': file('municipalities/musterstadt.yaml').replace(
      'stage: 0',
      'stage: 1',
    ),
    'stacks/platforms/rehearsal.yaml': platform,
  });
  program(cwd, 'ssh', session);
  process.env['PATH'] = `${cwd}:${path}`;
  const io = testIo({ cwd, env });
  expect(await runProgram(['rueckweg', 'musterstadt', ...options], io)).toBe(ExitCode.done);
  return io.printed;
}

const deed = 'die Sperre von musterstadt.example auf (zurzeit wartet dort Mail an 3 Empfänger)\n';
const possible = 'Vielleicht hält das Relay die Domain noch gesperrt';

describe('the relay is asked for a lock', () => {
  test('that stands: with what waits behind it', async () => {
    const { out } = await rueckweg(relaySession('ok 3 3 locked'));
    expect(out).toContain(deed);
    expect(out).not.toContain(possible);
    const json = await rueckweg(relaySession('ok 3 3 locked'), ['--json']);
    const lock = { relay: 'relay1', domain: 'musterstadt.example', waiting: 3 };
    expect(JSON.parse(json.out)).toMatchObject({ locks: [lock] });
  });

  test('that does not: no deed', async () => {
    const { out, note } = await rueckweg(relaySession('ok 3 3 -'));
    expect(out).not.toContain('noch gesperrt');
    expect(note).toBe('');
  });

  test.each([
    ['does not answer', 'echo "Connection refused" >&2; exit 255', /relay1 .* is unreachable/],
    ['has an old program', relaySession('ok 3 3'), /Install templates\/relay\/mailversand-relay/],
  ])('where it %s the lock stays possible, and why is a note', async (_, session, why) => {
    const { out, note } = await rueckweg(session);
    expect(out).toContain(possible);
    expect(note).toMatch(why);
  });

  test('from a rehearsal’s desk and nowhere else; when that has ended the lock stays possible', async () => {
    const ended = {
      MAILVERSAND_REHEARSAL: '/nowhere',
      MAILVERSAND_PLATFORM: 'stacks/platforms/rehearsal.yaml',
    };
    const { out, note } = await rueckweg(relaySession('ok 3 3 locked'), [], ended);
    expect(out).toContain(possible);
    expect(note).toContain('the rehearsal of /nowhere does not run any more');
  });
});
