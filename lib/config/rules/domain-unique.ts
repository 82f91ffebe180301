import { claims, domainsOf, doubles, placeText, problemWith, type FleetRule } from '../fleet.js';

export const domainUnique: FleetRule = {
  id: 'domain-unique',
  why: 'A domain has one route at the relay; with two owners the last deploy would take the mail.',
  check: (fleet) =>
    doubles(claims(fleet, domainsOf, 'name')).map(({ second, first }) =>
      problemWith(second.entry, second.path, 'domain-unique', {
        found: `domain ${second.value} belongs to ${first.entry.id} (${placeText(first.entry, first.path)})`,
        expected: 'a domain once, in the file of one municipality',
        remedy: 'remove it where it does not belong',
      }),
    ),
};
