import type { MailServer, Municipality } from '../config/municipality.js';
import { replacedServers, standsOrKept } from './kept.js';

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

/** Every server reaches the relay. A replaced one too: its own queue may hold mail. */
export function outwardFlows(m: Municipality): Flow[] {
  if (!standsOrKept(m, stageOfDirection.ausgehend)) return [];
  const replaced = replacedServers(m).filter(({ inside }) => !m.servers.some((now) => now.inside === inside));
  return [...m.servers, ...replaced].map((server): Flow => ({ direction: 'ausgehend', server, port: smtp }));
}

export const flows = (m: Municipality): Flow[] => [...inwardFlows(m), ...outwardFlows(m)];
