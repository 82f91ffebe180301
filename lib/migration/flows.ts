import type { MailServer, Municipality } from '../config/municipality.js';
import { isRouted, replacedServers, standsOrKept } from './kept.js';

/**
 * One connection that has to be possible. Address translation, openings and matrix rows are all made from
 * these, so none of the three can contain a flow that another lacks.
 */
export interface Flow {
  /** `eingehend`: relay → server. `ausgehend`: server → relay. */
  direction: 'eingehend' | 'ausgehend';
  server: MailServer;
  /** At the destination, the same before and after translation. */
  port: number;
}

/** The stage that brings the flows of a direction. */
export const stageOfDirection = { eingehend: 1, ausgehend: 4 } as const;

/** The relay takes municipalities' mail where every mail server delivers. */
const smtp = 25;

/** The relay reaches every server on each of its ports. A replaced one too: the relay's queue may hold mail for it. */
export function inwardFlows(m: Municipality): Flow[] {
  const current = standsOrKept(m, stageOfDirection.eingehend) ? m.servers : [];
  const replaced = replacedServers(m).filter(
    ({ transfer }) => !m.servers.some((now) => now.transfer === transfer),
  );
  return [...current, ...replaced].flatMap((server) =>
    server.ports.map((port): Flow => ({ direction: 'eingehend', server, port })),
  );
}

/**
 * Every server reaches the relay. A replaced one too: its own queue may hold mail. A host that has two transfer
 * addresses, because it changes from one to the other, is hidden behind the first that mail is routed to.
 */
export function outwardFlows(m: Municipality): Flow[] {
  const hosts = new Map<string, MailServer>();
  for (const server of senders(m)) {
    const known = hosts.get(server.inside);
    if (known === undefined || (!isRouted(known) && isRouted(server))) hosts.set(server.inside, server);
  }
  return [...hosts.values()].map((server): Flow => ({ direction: 'ausgehend', server, port: smtp }));
}

/** Every server that may send, by each of its transfer addresses: connections under the old one may still live. */
export const senders = (m: Municipality): MailServer[] =>
  standsOrKept(m, stageOfDirection.ausgehend) ? [...m.servers, ...replacedServers(m)] : [];

export const flows = (m: Municipality): Flow[] => [...inwardFlows(m), ...outwardFlows(m)];
