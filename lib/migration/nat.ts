import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { DnatRule, SnatRule } from './elements.js';
import { flows } from './flows.js';
import { gatewayOf, relayOf } from './site.js';

/**
 * Destinations. Inwards the transfer address becomes the server's own; outwards the alias, under which the
 * municipality's network sees the relay, becomes the relay.
 */
export function dnatRules(m: Municipality, p: Platform): DnatRule[] {
  const { name: gateway, landesnetzLink } = gatewayOf(m, p);
  const { link, relayAlias } = m.network;
  const common = { gateway, protocol: 'tcp', owner: m.ags, order: m.order.reference } as const;
  return flows(m).map(({ direction, server, port }) =>
    direction === 'eingehend'
      ? {
          ...common,
          ingress: landesnetzLink,
          address: server.transfer,
          port,
          egress: link,
          toAddress: server.inside,
          toPort: port,
        }
      : {
          ...common,
          ingress: link,
          address: relayAlias,
          port,
          egress: landesnetzLink,
          toAddress: relayOf(m, p).addresses.customers,
          toPort: port,
        },
  );
}

/**
 * Sources. Inwards the relay is hidden behind its alias, so that answers find the way back without a route in
 * the municipality's network; outwards the server is hidden behind its transfer address.
 */
export function snatRules(m: Municipality, p: Platform): SnatRule[] {
  const { name: gateway, landesnetzLink } = gatewayOf(m, p);
  const { link, relayAlias } = m.network;
  const { outgoing, customers } = relayOf(m, p).addresses;
  const common = { gateway, owner: m.ags, order: m.order.reference };
  return flows(m).map(({ direction, server: { inside, transfer } }) =>
    direction === 'eingehend'
      ? {
          ...common,
          ingress: landesnetzLink,
          egress: link,
          source: outgoing,
          destination: inside,
          toAddress: relayAlias,
        }
      : {
          ...common,
          ingress: link,
          egress: landesnetzLink,
          source: inside,
          destination: customers,
          toAddress: transfer,
        },
  );
}
