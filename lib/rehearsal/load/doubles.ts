import { readFile } from 'node:fs/promises';
import type { Rehearsal } from '../running.js';
import type { Entry } from './ledger.js';

/** Lines of the mail log of each host. */
export type Logs = ReadonlyMap<string, readonly string[]>;

/** Writes into every entry of a mail that came twice what explains it, if anything does. */
export async function explainDoubles(
  entries: readonly Entry[],
  hosts: Pick<Rehearsal, 'path'>,
  names: readonly string[],
): Promise<void> {
  const doubled = entries.filter(({ arrivals }) => arrivals.length > 1);
  if (doubled.length === 0) return;
  const logs = await readLogs(hosts, names);
  for (const entry of doubled) {
    const why = explainDouble(entry, logs);
    if (why !== undefined) entry.explained = why;
  }
}

async function readLogs(hosts: Pick<Rehearsal, 'path'>, names: readonly string[]): Promise<Logs> {
  return new Map(
    await Promise.all(
      names.map(async (host) => {
        const text = await readFile(hosts.path(host, 'var/log/mail.log'), 'utf8').catch(() => '');
        return [host, text.split('\n')] as const;
      }),
    ),
  );
}

/**
 * Why a mail came twice, in a log's own words: its sender was cut off between the end of the data and the answer (RFC
 * 1047), or was ended before it had written down that it was delivered. SMTP delivers at least once, so these two are
 * no fault of an edge.
 * @returns undefined if no log explains it
 */
export function explainDouble({ correlation, repeated }: Entry, logs: Logs): string | undefined {
  if (repeated) return 'the connection from the client to its own server was cut after DATA';
  for (const [host, lines] of logs) {
    const about = lines.filter((line) => line.includes(`<${correlation}@`));
    const cut = about.find((line) => line.includes('message may be sent more than once'));
    if (cut !== undefined) return `${host}: ${cut}`;
    const ended = endedWhileSending(correlation, lines);
    if (ended !== undefined) return `${host}: ${ended}`;
  }
  return undefined;
}

/** A queue file that became active, was neither removed nor deferred, and became active again behind a restart. */
function endedWhileSending(correlation: string, lines: readonly string[]): string | undefined {
  const active = lines.flatMap((line, index) => {
    const id = new RegExp(`: (\\w+): from=<${correlation}@[^>]*>.*\\(queue active\\)`).exec(line)?.[1];
    return id === undefined ? [] : [{ id, index }];
  });
  for (const [position, { id, index }] of active.entries()) {
    const again = active.slice(position + 1).find((later) => later.id === id);
    if (!again) continue;
    const between = lines.slice(index + 1, again.index);
    const restart = between.findIndex((line) => /\/master\[\d+\]: daemon started/.test(line));
    const ended = between
      .slice(0, restart)
      .some(
        (line) =>
          line.includes(`: ${id}: removed`) ||
          (line.includes(`: ${id}: to=`) && line.includes('status=deferred')),
      );
    if (restart >= 0 && !ended) return between[restart];
  }
  return undefined;
}
