import { Construct } from 'constructs';
import type { Platform } from '../config/platform.js';
import { GatewayBase } from '../provider/resources/gateway-base.js';
import { RelayBase } from '../provider/resources/relay-base.js';

export interface PlatformBaseProps {
  readonly platform: Platform;
}

/** What the platform owns on every gateway and relay, and municipalities put their elements into. */
export class PlatformBase extends Construct {
  constructor(scope: Construct, id: string, { platform }: PlatformBaseProps) {
    super(scope, id);
    const lifecycle = { createBeforeDestroy: true };
    for (const { name, landesnetzLink, links } of platform.gateways) {
      new GatewayBase(this, `gateway_${name}`, {
        gateway: name,
        landesnetzLink,
        links: Object.fromEntries(links.map((link) => [link.name, String(link.mark)])),
        lifecycle,
      });
    }
    const routes = Object.fromEntries(
      [...platform.tenants, ...platform.ndbPartners].flatMap(({ domains, nextHop }) =>
        domains.map((domain) => [domain, nextHop]),
      ),
    );
    for (const { name } of platform.relays) {
      new RelayBase(this, `relay_${name}`, { relay: name, routes, lifecycle });
    }
  }
}
