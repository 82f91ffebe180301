import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rehearsal } from '../running.js';

type Hosts = Pick<Rehearsal, 'exec' | 'path'>;

const folders = ['incoming', 'active', 'deferred'];
const pollInterval = 250;

/** How many mails a host's Postfix holds. */
export async function queueLength(hosts: Pick<Rehearsal, 'path'>, host: string): Promise<number> {
  const lists = folders.map((folder) => {
    const path = join(hosts.path(host, 'var/spool/postfix'), folder);
    return readdir(path, { recursive: true }).catch(() => []);
  });
  // A file's name is a queue id; the folders of `deferred` have a name of one character.
  return (await Promise.all(lists)).flat().filter((name) => /(?:^|\/)[^/]{6,}$/.test(name)).length;
}

/** Correlation ids of everything that the hosts' queues hold, by what `postqueue -j` says of recipients. */
export async function queuedMails(hosts: Hosts, names: readonly string[]): Promise<Set<string>> {
  const listings = await Promise.all(names.map((host) => hosts.exec(host, ['postqueue', '-j'])));
  return new Set(
    listings.flatMap(({ stdout }) =>
      [...stdout.matchAll(/"address": "([^@"]+)@/g)].map(([, correlation = '']) => correlation),
    ),
  );
}

/** Remembers how many mails a host's queue held at most. */
export class QueueWatch {
  private peak = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(hosts: Pick<Rehearsal, 'path'>, host: string) {
    let busy = false;
    this.timer = setInterval(() => {
      if (busy) return;
      busy = true;
      void queueLength(hosts, host).then((length) => {
        this.peak = Math.max(this.peak, length);
        busy = false;
      });
    }, pollInterval);
  }

  /** The most since the last lap. */
  lap(): number {
    const { peak } = this;
    this.peak = 0;
    return peak;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
