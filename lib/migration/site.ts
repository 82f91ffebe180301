import type { Municipality } from '../config/municipality.js';
import type { Gateway, Platform, Relay } from '../config/platform.js';

/** The gateway at which the municipality's network meets the Landesnetz. */
export const gatewayOf = (m: Municipality, p: Platform): Gateway =>
  named('gateway', m.network.gateway, p.gateways, p);

/** The relay that serves the municipality. */
export const relayOf = (m: Municipality, p: Platform): Relay => named('relay', m.relay, p.relays, p);

/** The checks of lib/config find this earlier and with a place; who calls with values of their own finds it here. */
function named<T extends { name: string }>(what: string, name: string, all: T[], p: Platform): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) {
    throw new RangeError(
      `platform ${p.name} has no ${what} "${name}"; it has: ${all.map((one) => one.name).join(', ')}`,
    );
  }
  return found;
}
