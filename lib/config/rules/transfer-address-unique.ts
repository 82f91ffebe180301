import { claims, doubles, placeText, problemWith, serversOf, type FleetRule } from '../fleet.js';
import { freeAddress } from './pool.js';

export const transferAddressUnique: FleetRule = {
  id: 'transfer-address-unique',
  why: 'Behind one transfer address stands one mail server; a second would take its mail.',
  check: (fleet) => {
    const taken = doubles(claims(fleet, (entry) => serversOf(entry), 'transfer'));
    if (taken.length === 0) return [];
    const remedy = freeAddress(fleet);
    return taken.map(({ second, first }) =>
      problemWith(second.entry, second.path, 'transfer-address-unique', {
        found: `transfer address ${second.value} belongs to ${first.entry.id} (${placeText(first.entry, first.path)})`,
        expected: 'each mail server needs its own',
        remedy,
      }),
    );
  },
};
