import { claims, doubles, placeText, problemWith, self, type FleetRule } from '../fleet.js';

export const agsUnique: FleetRule = {
  id: 'ags-unique',
  why: 'The AGS owns every rule on a gateway; two files with one AGS would each undo what the other did.',
  check: (fleet) =>
    doubles(claims(fleet, self, 'ags')).map(({ second, first }) =>
      problemWith(second.entry, second.path, 'ags-unique', {
        found: `AGS ${second.value} belongs to ${first.entry.id} (${placeText(first.entry, first.path)})`,
        expected: 'one file a municipality',
        remedy: 'remove one of the two files, or correct the AGS',
      }),
    ),
};
