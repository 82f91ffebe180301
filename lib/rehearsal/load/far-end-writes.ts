import { statSync } from 'node:fs';
import type { Rehearsal } from '../running.js';

const farEnds = ['gateway', 'relay', 'register'];
const pollInterval = 10;

/**
 * Calls back once, when the far ends have written for the nth time: every transaction replaces a file in the folder
 * of its far end.
 */
export function onWrite(hosts: Pick<Rehearsal, 'path'>, nth: number, call: () => void): { stop(): void } {
  const changed = (host: string): number =>
    statSync(hosts.path(host, `var/lib/mailversand-${host}`), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  let seen = farEnds.map(changed);
  let writes = 0;
  const timer = setInterval(() => {
    const now = farEnds.map(changed);
    writes += now.filter((time, index) => time !== seen[index]).length;
    seen = now;
    if (writes < nth) return;
    clearInterval(timer);
    call();
  }, pollInterval);
  return { stop: () => clearInterval(timer) };
}
