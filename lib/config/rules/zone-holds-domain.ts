import { domainsOf, problemWith, type FleetRule } from '../fleet.js';

export const zoneHoldsDomain: FleetRule = {
  id: 'zone-holds-domain',
  why: 'A DNS server refuses a record outside its zone, in the middle of an edge.',
  check: ({ municipalities }) =>
    municipalities.flatMap((entry) =>
      domainsOf(entry).flatMap(({ item: { name, zone }, path }) => {
        if (name === undefined || zone === undefined || name === zone || name.endsWith(`.${zone}`)) return [];
        return problemWith(entry, [...path, 'zone'], 'zone-holds-domain', {
          found: `zone ${zone}`,
          expected: `${name} itself, or a domain above it`,
          remedy: 'write the zone that `dig +noall +authority SOA` of the domain shows, or leave it out',
        });
      }),
    ),
};
