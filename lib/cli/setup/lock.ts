import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOfProcess } from '../../process/start.js';

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
    writeFileSync(file, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = readHolder(file);
  if (holder !== undefined && startOf(holder.pid) === holder.start) return holder.pid;
  rmSync(file, { force: true });
  return take(file);
}

/** A process for good: its number is used again, after a restart of the machine by anybody, its start is not. */
interface Holder {
  pid: number;
  start: string;
}

function readHolder(file: string): Holder | undefined {
  try {
    const [, pid, start] = /^([1-9]\d*) (.+)$/.exec(readFileSync(file, 'utf8')) ?? [];
    return pid === undefined || start === undefined ? undefined : { pid: Number(pid), start };
  } catch {
    return undefined;
  }
}

/** When a process was started, as the system says it; empty: there is none, or only its number is left. */
function startOf(pid: number): string {
  try {
    return (process.platform === 'linux' ? startOfProcess(pid) : startByPs(pid)) ?? '';
  } catch {
    return '';
  }
}

const startByPs = (pid: number): string =>
  execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
