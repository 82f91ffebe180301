import { readdir, readlink } from 'node:fs/promises';
import type { Rehearsal } from '../../../lib/rehearsal/running.js';

const kinds = ['net', 'mnt', 'uts', 'pid'];

/** Names of all namespaces of a rehearsal's hosts, as the kernel numbers them. */
export async function namespacesOf(rehearsal: Rehearsal): Promise<string[]> {
  const hosts = rehearsal.layout.hosts.map(({ name }) => name);
  const lists = await Promise.all(
    hosts.map(async (host) => {
      const folder = rehearsal.namespaces(host);
      return Promise.all(kinds.map((kind) => readlink(`${folder}/${kind}`)));
    }),
  );
  return [...new Set(lists.flat())].filter((name) => !own.includes(name));
}

const own = await Promise.all(kinds.map((kind) => readlink(`/proc/self/ns/${kind}`)));

/** Numbers of the processes that are in one of these namespaces. */
export async function processesIn(namespaces: string[]): Promise<string[]> {
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const names = await Promise.all(
          kinds.map((kind) => readlink(`/proc/${pid}/ns/${kind}`).catch(() => '')),
        );
        return names.some((name) => namespaces.includes(name)) ? [pid] : [];
      }),
  );
  return found.flat();
}
