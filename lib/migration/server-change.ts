import type { Kept, MailServer, Municipality, Settling } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { isKeptStage, isRouted, lengthOf, mailFlows } from './kept.js';
import { settlingFrom, type Refusal } from './stage-change.js';
import { seconds, timestamp } from './timestamp.js';

/** What changes among a municipality's servers; everything else in its file stays. */
export type ServerEdit =
  | { add: MailServer }
  /** The day is written. It is an edge of its own, after which mail settles. */
  | { tested: MailServer; testedOn: string; settling: Settling }
  /** `kept` is absent where no mail flows yet. */
  | { remove: MailServer; kept?: Kept };

/** A new server. While mail flows, beside the others: translation, opening and permission, no mail. */
export const addServer = (m: Municipality, server: MailServer, now: Date): ServerEdit => ({
  add: mailFlows(m) ? { ...server, joinedOn: day(now) } : server,
});

/** A server that joined has passed its connection test: with the next deploy it gets mail. */
export function serverTested(
  m: Municipality,
  p: Platform,
  transfer: string,
  now: Date,
): ServerEdit | Refusal {
  const server = m.servers.find((one) => one.transfer === transfer);
  if (server === undefined) return unknownServer(m, transfer);
  return isRouted(server)
    ? {
        refused: `the server behind ${transfer} gets mail already`,
        remedy: 'nothing to write',
        rule: 'server-unchanged',
      }
    : { tested: server, testedOn: day(now), settling: settlingFrom(now, p) };
}

/**
 * A server that goes. While mail flows it is kept: what is on its way to it or waits in its own queue still
 * comes through, for as long as a sender keeps a mail. Where stages above are kept, their mail uses it, too: it is
 * promised for as long as they, counted like them from when it is recorded.
 */
export function removeServer(
  m: Municipality,
  p: Platform,
  transfer: string,
  now: Date,
): ServerEdit | Refusal {
  const server = m.servers.find((one) => one.transfer === transfer);
  if (server === undefined) return unknownServer(m, transfer);
  const others = m.servers.filter((one) => one !== server);
  // Where no mail flows any more, a server may be left that joined while it did.
  if (!others.some(isRouted)) {
    const [next] = others;
    const first = next ? '' : `npx mailversand server ${m.id} add TRANSFER --inside ADDRESS, `;
    return {
      refused: `without the server behind ${transfer} no server of ${m.id} would get mail`,
      remedy: `${first}deploy, npx mailversand anbindungstest ${m.id}, npx mailversand server ${m.id} tested ${next?.transfer ?? 'TRANSFER'}; then remove this one`,
      rule: 'server-last',
    };
  }
  if (!mailFlows(m)) return { remove: server };
  const { inside, ports } = server;
  const since = seconds(now);
  const above = m.kept.filter(isKeptStage).filter(({ stage }) => stage > m.stage);
  const until = since + Math.max(p.senderQueueLifetime, ...above.map(lengthOf));
  const times = { since: timestamp(since), until: timestamp(until) };
  return { remove: server, kept: { server: { inside, transfer, ports }, ...times } };
}

const day = (now: Date): string => now.toISOString().slice(0, 10);

const unknownServer = ({ id, servers }: Municipality, transfer: string): Refusal => ({
  refused: `${id} has no server behind ${transfer}`,
  remedy: `a server is named by its transfer address: ${servers.map((one) => one.transfer).join(', ')}`,
  rule: 'server-unknown',
});
