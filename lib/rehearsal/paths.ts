import type { Municipality, Routing, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { Party } from './layout.js';
import type { Received } from './received.js';
import { segmentOf } from './segments.js';

/** Who mails whom; `municipality` stands for the one that is taken through the stages. */
export type PathName =
  | 'internet → municipality'
  | 'tenant → municipality'
  | 'ndb → municipality'
  | 'municipality → internet'
  | 'municipality → tenant'
  | 'municipality → ndb';

export const pathNames: readonly PathName[] = [
  'internet → municipality',
  'tenant → municipality',
  'ndb → municipality',
  'municipality → internet',
  'municipality → tenant',
  'municipality → ndb',
];

export const direct = 'direct';
export const overTheInternet = 'over the Internet';
export const relayThenNat = 'relay → NAT';
export const natThenRelay = {
  internet: 'NAT → relay → Internet',
  tenant: 'NAT → relay → tenant',
  ndb: 'NAT → relay → NdB',
};

/** The way that each path takes from a stage on, until a later one changes it. */
const changes: Record<PathName, Partial<Record<StageNumber, string>>> = {
  'internet → municipality': { 0: direct, 4: relayThenNat },
  'tenant → municipality': { 0: overTheInternet, 2: relayThenNat },
  'ndb → municipality': { 0: overTheInternet, 3: relayThenNat },
  'municipality → internet': { 0: direct, 4: natThenRelay.internet },
  'municipality → tenant': { 0: overTheInternet, 4: natThenRelay.tenant },
  'municipality → ndb': { 0: overTheInternet, 4: natThenRelay.ndb },
};

/** The way that a mail must take after a stage. Partial routing (teilweise) has no stage 4. */
export function expectedWay(path: PathName, stage: StageNumber, routing: Routing): string {
  if (routing === 'teilweise' && stage === 4) throw new Error('partial routing (teilweise) ends at stage 3');
  for (let from = stage; from >= 0; from -= 1) {
    const way = changes[path][from];
    if (way !== undefined) return way;
  }
  throw new Error(`no way is known for ${path}`);
}

/** One hop as the table shows it. */
export interface Hop {
  /** Host that took the mail. */
  host: string;
  /** Address the mail came from, as that host saw it. */
  from: string;
  /** The address is one of a NAT pair. */
  nat: boolean;
  tls: boolean;
}

/** Names the hosts behind what the headers say, and which addresses only NAT makes. */
export function namedHops(
  received: Received[],
  {
    parties,
    platform,
    municipalities,
  }: { parties: Party[]; platform: Platform; municipalities: Municipality[] },
): Hop[] {
  const nat = new Set(
    municipalities.flatMap(({ network, servers }) => [
      network.relayAlias,
      ...servers.map(({ transfer }) => transfer),
    ]),
  );
  return received.map(({ by, from, tls }) => ({
    host:
      parties.find(({ mailHost }) => mailHost === by)?.name ??
      (platform.relays.some(({ mx }) => mx.records.some(({ host }) => host === by)) ? 'relay' : by),
    from,
    nat: nat.has(from),
    tls,
  }));
}

const publicAddress = (address: string): boolean => {
  try {
    return segmentOf(address) === 'world';
  } catch {
    return false;
  }
};

/** The way in the words of the table of stages; what is in no such words is spelt out, so that it differs. */
export function wayOf(hops: Hop[], between: { from: string; to: string }): string {
  const [first, second, third] = hops;
  const spelt = hops.map(({ host, from }) => `[${from}] → ${host}`).join(' → ') || 'no hop';
  if (!first || third) return spelt;
  if (!second) {
    if (first.host !== between.to || first.nat || !publicAddress(first.from)) return spelt;
    return between.from === 'internet' || between.to === 'internet' ? direct : overTheInternet;
  }
  if (first.host !== 'relay' || second.host !== between.to) return spelt;
  const outgoing = natThenRelay[between.to as keyof typeof natThenRelay] as string | undefined;
  if (first.nat && !second.nat && outgoing !== undefined) return outgoing;
  // From the Internet by the MX; tenants and NdB partners must have come inside the Landesnetz.
  const inside = !publicAddress(first.from);
  return second.nat && !first.nat && inside === (between.from !== 'internet') ? relayThenNat : spelt;
}
