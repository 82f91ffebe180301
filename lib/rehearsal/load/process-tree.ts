import { readdir, readFile } from 'node:fs/promises';

/** Numbers of a process and of all that it started, directly or not. */
async function family(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
    // The name in field 2 may hold anything, so count from behind it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = [pid];
  for (const one of all) all.push(...(children.get(one) ?? []));
  return all;
}

/**
 * Ends a process and all that it started with SIGKILL, as a power cut does: nobody can tidy up. They are stopped
 * first, so that none starts another or learns that its parent is gone.
 */
export async function killTree(pid: number): Promise<void> {
  const stopped = new Set<number>();
  for (;;) {
    const fresh = (await family(pid)).filter((one) => !stopped.has(one));
    if (fresh.length === 0) break;
    for (const one of fresh) {
      signal(one, 'SIGSTOP');
      stopped.add(one);
    }
  }
  for (const one of stopped) signal(one, 'SIGKILL');
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself in the meantime.
  }
}
