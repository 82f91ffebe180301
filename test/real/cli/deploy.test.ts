import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFleet } from '../../../lib/config/load.js';
import { startRehearsal } from '../../../lib/rehearsal/rehearsal.js';
import { Rehearsal } from '../../../lib/rehearsal/running.js';
import { describeReal, findProgram } from '../requirements.js';

const root = join(import.meta.dirname, '../../..');
const platformFile = join(root, 'stacks/platforms/rehearsal.yaml');
const municipalitiesDir = join(root, 'municipalities');
const id = 'musterstadt';
const roomFor = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1024;
};
/** Generous: the machine may have something else to do. */
const LONG = 300_000;

describeReal('the commands, on a rehearsal', { root: true, programs: ['tofu', 'nft', 'knotd'] }, () => {
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    const { municipalities, platform } = loadFleet({ municipalitiesDir, platformFile });
    if (!platform) throw new Error('the platform file has problems');
    rehearsal = await startRehearsal({
      municipalities: municipalities.filter((m) => m.id === id),
      platform,
      platformFile,
      municipalitiesDir,
      engine: findProgram('tofu'),
    });
  }, LONG);

  afterAll(() => rehearsal.stop(), LONG);

  const file = (): string => join(rehearsal.municipalitiesDir, `${id}.yaml`);
  const edit = (change: (text: string) => string): void =>
    writeFileSync(file(), change(readFileSync(file(), 'utf8')));

  /** As typed, without a terminal. */
  function mailversand(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const program = join(root, 'dist/lib/cli/main.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: undefined, ...rehearsal.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    return { exit: status, stdout, stderr };
  }

  test(
    'first the platform, then a municipality: 2 while there is something to do, 0 when there is not',
    () => {
      expect(mailversand(['deploy', 'platform', '--yes'])).toMatchObject({ exit: 0 });
      expect(mailversand(['stage', id, '1'])).toMatchObject({ exit: 0 });
      expect(mailversand(['diff', id])).toMatchObject({ exit: 2 });
      const deploy = mailversand(['deploy', id, '--yes']);
      expect(deploy).toMatchObject({ exit: 0 });
      // Nobody sees it: no colour, no cursor, no spinner, no status.
      expect(deploy.stdout).not.toMatch(/\p{Cc}(?<!\n)|[\u2800-\u28ff]|Stacks done/u);
      expect(mailversand(['diff', id])).toMatchObject({ exit: 0 });
    },
    LONG,
  );

  test(
    'plain cdktf, with the variables of `env`, sees the same state',
    () => {
      const script = `eval "$(node dist/lib/cli/main.js env --rehearsal ${rehearsal.id})" && npx cdktf diff ${id}`;
      const output = execFileSync('/bin/sh', ['-c', script], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
      expect(output).toContain('No changes.');
    },
    LONG,
  );

  test(
    'an edge without its evidence is refused with 3, and nothing is deployed',
    () => {
      const before = readFileSync(file(), 'utf8');
      edit((text) => text.replace(/^connectionTestPassedOn.*\n/m, ''));
      const stage = mailversand(['stage', id, '2']);
      expect(stage.stdout).toContain(
        'The gate will refuse the deploy until the file has: connectionTestPassedOn',
      );
      const deploy = mailversand(['deploy', id, '--yes']);
      expect(deploy).toMatchObject({ exit: 3 });
      expect(deploy.stdout).toContain('[gate-evidence]');
      writeFileSync(file(), before);
      expect(mailversand(['diff', id])).toMatchObject({ exit: 0 });
    },
    LONG,
  );

  test(
    'a far end that cannot be reached: 5, and the same command works once it can',
    async () => {
      await rehearsal.exec('gateway', [
        'sh',
        '-c',
        'ip link set lo down; nft add table ip blocked; nft add chain ip blocked input "{ type filter hook input priority -300; policy drop; }"',
      ]);
      expect(mailversand(['diff', id])).toMatchObject({ exit: 5 });
      await rehearsal.exec('gateway', ['sh', '-c', 'nft delete table ip blocked; ip link set lo up']);
      expect(mailversand(['diff', id])).toMatchObject({ exit: 0 });
    },
    LONG,
  );

  test(
    'a full disk under the state: said clearly, and nothing is lost once there is room',
    () => {
      const states = rehearsal.env.MAILVERSAND_STATE_DIR ?? '';
      const saved = readFileSync(join(states, `${id}.tfstate`));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', states]);
      try {
        writeFileSync(join(states, `${id}.tfstate`), saved);
        const filler = join(states, 'filler');
        const fill = (kilobytes: number): void =>
          void spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k', `count=${kilobytes}`]);
        const free = roomFor(states);
        mailversand(['stage', id, '2']);
        for (const kilobytes of [64, free - 4]) {
          // No room for the lock: nothing is begun. Room for the lock only: applied, but not recorded.
          rmSync(filler, { force: true });
          fill(kilobytes);
          const deploy = mailversand(['deploy', id, '--yes']);
          expect(deploy).toMatchObject({ exit: 1 });
          expect(deploy.stderr).toContain('make room on the disk');
        }
        rmSync(filler);
        expect(mailversand(['deploy', id, '--yes'])).toMatchObject({ exit: 0 });
        expect(mailversand(['diff', id])).toMatchObject({ exit: 0 });
      } finally {
        const now = readFileSync(join(states, `${id}.tfstate`));
        execFileSync('umount', [states]);
        mkdirSync(states, { recursive: true });
        writeFileSync(join(states, `${id}.tfstate`), now);
      }
    },
    LONG,
  );
});
