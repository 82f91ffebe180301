import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { FirewallOpening } from './elements.js';
import { flows } from './flows.js';
import { gatewayOf, relayOf } from './site.js';

/** New connections that the gateway lets pass, by the addresses before translation. IPv4 only: nothing else is declared. */
export function openings(m: Municipality, p: Platform): FirewallOpening[] {
  const { name: gateway, landesnetzLink } = gatewayOf(m, p);
  const { link, relayAlias } = m.network;
  const { reference, validUntil } = m.order;
  return flows(m).map(({ direction, server, port }) => ({
    gateway,
    ...(direction === 'eingehend'
      ? { ingress: landesnetzLink, source: relayOf(m, p).addresses.outgoing, destination: server.transfer }
      : { ingress: link, source: server.inside, destination: relayAlias }),
    protocol: 'tcp',
    port,
    owner: m.ags,
    order: reference,
    ...(validUntil === undefined ? {} : { validUntil }),
  }));
}
