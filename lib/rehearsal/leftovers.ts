import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, isAlive, readOwner, runRoot, type Owner } from './world.js';

/** A folder without a readable owner may be one that is just being made. */
const settled = 60_000;

export interface FoundRehearsal {
  id: string;
  runDir: string;
  owner: Owner | undefined;
  /** Nobody will end it any more: its processes are gone, or those of its starter while it was not kept. */
  dead: boolean;
}

/** Every rehearsal that has a run folder on this machine. */
export async function findRehearsals(root = runRoot): Promise<FoundRehearsal[]> {
  const names = await readdir(root).catch(() => []);
  return Promise.all(
    names.sort().map(async (id) => {
      const runDir = join(root, id);
      const owner = await readOwner(runDir);
      return { id, runDir, owner, dead: owner ? isDead(owner) : await isOld(runDir) };
    }),
  );
}

function isDead({ init, starter, kept }: Owner): boolean {
  if (isAlive(starter)) return init !== undefined && !isAlive(init);
  return !kept || init === undefined || !isAlive(init);
}

async function isOld(runDir: string): Promise<boolean> {
  const { mtimeMs } = await stat(runDir).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > settled;
}

/**
 * Removes what dead rehearsals left, and nothing else: a folder's processes are known by number and start
 * time, so neither a living rehearsal nor a stranger's process with an old number is touched.
 * @returns ids of what was removed
 */
export async function cleanUpLeftovers(root = runRoot): Promise<string[]> {
  const dead = (await findRehearsals(root)).filter((found) => found.dead);
  for (const { owner, runDir } of dead) {
    if (owner?.init) await endProcess(owner.init);
    await rm(runDir, { recursive: true, force: true });
  }
  return dead.map(({ id }) => id);
}
