import { readFileSync } from 'node:fs';

/**
 * When a process was started, in the kernel's ticks (field 22 of /proc/PID/stat, Linux): with its number it is known
 * for good, for a number is used again. undefined: there is no such process, or only its number is left.
 */
export function startOfProcess(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in field 2 may hold anything, so count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie is dead.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
