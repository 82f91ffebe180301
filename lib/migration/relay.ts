import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { programmeLimits, relayLimit, type SizeLimited } from '../config/sizes.js';
import { mxMoved } from './dns.js';
import { ofEachDomain } from './domains.js';
import type { AcceptanceClass, RelayAcceptance, RelayClient, RelayRoute } from './elements.js';
import { senders, stageOfDirection } from './flows.js';
import { isRouted, stands, standsOrKept } from './kept.js';
import { relayOf } from './site.js';

/** From stage 2: the relay sends each domain to the municipality's servers, in their order, port by port. */
export function relayRoutes(m: Municipality, p: Platform): RelayRoute[] {
  const nextHops = m.servers
    .filter(isRouted)
    .flatMap(({ transfer, ports }) => ports.map((port) => ({ address: transfer, port, tls: m.tls })));
  const softBounce = m.settling !== undefined;
  const relay = relayOf(m, p).name;
  const limits = { ...smaller(m, 'internal'), ...smaller(m, 'internet') };
  return ofEachDomain(m)
    .filter(({ m: one }) => standsOrKept(one, 2))
    .map(({ domain: { name } }) => ({ relay, domain: name, nextHops, softBounce, ...limits, owner: m.ags }));
}

/** A limit of the municipality's own, below that of the relay's listeners. */
function smaller(m: Municipality, from: SizeLimited): Pick<RelayRoute, 'internalLimit' | 'internetLimit'> {
  const limit = relayLimit(m, from);
  return limit < relayLimit({ limits: programmeLimits }, from) ? { [`${from}Limit`]: limit } : {};
}

/** A listener each. Announced only where senders of the class are really sent to the relay at this stage. */
export function relayAcceptances(m: Municipality, p: Platform): RelayAcceptance[] {
  return ofEachDomain(m).flatMap(({ m: one, domain }) => {
    const accept = (acceptance: AcceptanceClass, announced: boolean): RelayAcceptance => ({
      relay: relayOf(m, p).name,
      domain: domain.name,
      class: acceptance,
      announced,
      owner: m.ags,
    });
    return [
      ...(standsOrKept(one, 2) ? [accept('internal', stands(one, 2))] : []),
      ...(standsOrKept(one, 3) ? [accept('ndb', stands(one, 3) && domain.ndb !== undefined)] : []),
      ...(standsOrKept(one, 4) ? [accept('internet', mxMoved(one))] : []),
    ];
  });
}

/** Domains under which its servers may send through the relay, in the order of the file. */
export const sendingDomains = (m: Municipality): string[] =>
  ofEachDomain(m)
    .filter(({ m: one }) => standsOrKept(one, stageOfDirection.ausgehend))
    .map(({ domain }) => domain.name);

/** From stage 4: its servers, as the relay sees them, may send for its own domains and what its users forward. */
export function relayClients(m: Municipality, p: Platform): RelayClient[] {
  const senderDomains = [...new Set([...sendingDomains(m), ...(m.forwarding ?? [])])].sort();
  return senders(m).map(({ transfer }) => ({
    relay: relayOf(m, p).name,
    address: transfer,
    senderDomains,
    foreignSenders: m.settling === undefined ? ('refuse' as const) : ('defer' as const),
    owner: m.ags,
  }));
}
