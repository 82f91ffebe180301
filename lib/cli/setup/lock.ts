import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 500;

/**
 * Spares two processes the same long work at the same time. A lock whose process no longer lives is taken
 * over, so that a killed build does not block the next. In that moment two may slip in: the work must be right
 * without the lock too, that is, end in a rename.
 * @param waiting called once if another process holds the lock
 */
export async function withLock<T>(file: string, waiting: (pid: number) => void, work: () => Promise<T>) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  for (;;) {
    const holder = take(file);
    if (holder === undefined) break;
    if (!told) waiting(holder);
    told = true;
    await sleep(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** The process that holds the lock, or nothing if it is ours now. */
function take(file: string): number | undefined {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = readHolder(file);
  if (holder !== undefined && isAlive(holder)) return holder;
  rmSync(file, { force: true });
  return take(file);
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
