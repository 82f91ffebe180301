import type { Recorded } from '../provider/resources/cutover/recorded.js';
import type { Locks } from '../provider/resources/relay-lock.js';
import { recipients } from '../provider/resources/recipients.js';
import type { Silent } from '../provider/resources/silence.js';
import { table } from './table.js';

/** What the register has about the servers of a municipality's zones. */
export const evidenceTable = (recorded: readonly Recorded[]): string =>
  table(
    ['domain', 'record', 'server', 'TTL', 'seen so since', 'last', 'from', 'shows'],
    recorded.map(({ domain, type, server, ttl, since, seenAt, from, data }) => [
      domain,
      type,
      server,
      data === '' ? '' : String(ttl),
      since,
      seenAt,
      from,
      data === '' ? 'nothing' : data.replaceAll('\n', ', '),
    ]),
  );

/** What a move of the MX waits for, each with its end. */
export const waitsText = (waits: readonly string[]): string =>
  waits.length === 0
    ? 'The old TTLs have gone by on every server.\n'
    : `The MX may not move yet:\n${waits.map((wait) => `- ${wait}\n`).join('')}`;

/** Since when nothing has come by what is only kept; empty where nothing is. */
export const silenceText = (silent: readonly Silent[]): string =>
  silent.map(({ id, since, seenAt }) => `${id}: silent since ${since}, looked at ${seenAt}\n`).join('');

/** What a relay holds back of domains that nothing routes any more; empty where it holds back none. */
export const locksText = (municipality: string, { locks, unknown }: Locks): string =>
  [
    ...locks.map(({ relay, domain, waiting }) =>
      waiting === undefined
        ? `${domain}: whether ${relay} still holds it locked is not known\n`
        : `${domain}: locked at ${relay}, where mail for ${recipients(waiting)} waits until a person lifts that (docs/relay.md, “A domain that has left”): npx mailversand rueckweg ${municipality} lists the commands\n`,
    ),
    ...unknown.slice(0, 1).map(({ message }) => `${message}\n`),
  ].join('');
