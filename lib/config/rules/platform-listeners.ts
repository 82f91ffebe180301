import { problemWith, withPlatform, type FleetRule } from '../fleet.js';

const listeners = ['customers', 'internal', 'ndb', 'internet'] as const;

export const platformListeners: FleetRule = {
  id: 'platform-listeners',
  why: "A listener's address decides what it accepts: one address for two would accept from outside what is internal.",
  check: withPlatform((_, platform) =>
    Object.entries(platform.file.relays).flatMap(([relay, { addresses }]) =>
      listeners.flatMap((listener, index) => {
        const other = listeners.slice(0, index).find((before) => addresses[before] === addresses[listener]);
        if (other === undefined) return [];
        return problemWith(platform, ['relays', relay, 'addresses', listener], 'platform-listeners', {
          found: `address ${addresses[listener]} of the listener ${other}`,
          expected: 'an address of its own for each of customers, internal, ndb and internet',
          remedy: 'give the relay another address',
        });
      }),
    ),
  ),
};
