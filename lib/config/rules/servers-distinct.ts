import { each, problemWith, type Entry, type FleetRule } from '../fleet.js';
import type { Problem } from '../problem.js';

export const serversDistinct: FleetRule = {
  id: 'servers-distinct',
  why: 'Two entries for one host make two NAT pairs of which the way back knows only one.',
  check: ({ municipalities }) => municipalities.flatMap((entry) => [...insides(entry), ...ports(entry)]),
};

/** An inside address is one server's, and never the relay's alias; one that joins may be an old one's new entry. */
function insides(entry: Entry): Problem[] {
  const { servers, network } = entry.draft;
  const seen = new Set<string | undefined>([network?.relayAlias]);
  return each(servers, ['servers']).flatMap(({ item: { inside, joinedOn }, path }) => {
    const joins = joinedOn !== undefined && inside !== network?.relayAlias;
    if (inside === undefined || joins || !seen.has(inside)) {
      seen.add(inside);
      return [];
    }
    return problemWith(entry, [...path, 'inside'], 'servers-distinct', {
      found: `inside address ${inside} a second time`,
      expected: 'a host once among servers, and not the relayAlias',
      remedy: 'list its ports in one entry, or correct the address',
    });
  });
}

function ports(entry: Entry): Problem[] {
  return each(entry.draft.servers, ['servers']).flatMap(({ item, path }) => {
    const seen = new Set<number>();
    return each(item.ports, [...path, 'ports']).flatMap(({ item: port, path }) => {
      if (!seen.has(port)) {
        seen.add(port);
        return [];
      }
      return problemWith(entry, path, 'servers-distinct', {
        found: `port ${port} a second time`,
        expected: 'each port once',
        remedy: 'remove it',
      });
    });
  });
}
