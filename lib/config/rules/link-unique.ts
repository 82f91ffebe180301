import { doubles, placeText, problemWith, withPlatform, type FleetRule } from '../fleet.js';
import { gatewayOf } from './gateway-of.js';

export const linkUnique: FleetRule = {
  id: 'link-unique',
  why: 'Inside addresses of two municipalities may be equal; only the link tells their mail apart.',
  check: withPlatform(({ municipalities }, { file }) => {
    const claims = municipalities.flatMap((entry) => {
      const gateway = gatewayOf(entry, file);
      const link = entry.draft.network?.link;
      if (gateway === undefined || link === undefined) return [];
      return [{ entry, value: `${link} of ${gateway.name}`, path: ['network', 'link'] }];
    });
    return doubles(claims).map(({ second, first }) =>
      problemWith(second.entry, second.path, 'link-unique', {
        found: `link ${second.value} belongs to ${first.entry.id} (${placeText(first.entry, first.path)})`,
        expected: 'one municipality a link',
        remedy: 'write the link on which this one arrives, and add it to the platform file if it is new',
      }),
    );
  }),
};
