import { withPlatform, type FleetRule } from '../fleet.js';
import { nameProblems } from './names.js';
import { gatewayOf } from './gateway-of.js';

export const linkKnown: FleetRule = {
  id: 'link-known',
  why: 'The link is part of every rule: without a mark in the platform file its packets find no way.',
  check: withPlatform(({ municipalities }, { file }) =>
    municipalities.flatMap((entry) => {
      const gateway = gatewayOf(entry, file);
      if (gateway === undefined) return [];
      return nameProblems(entry, ['network', 'link'], entry.draft.network?.link, {
        rule: 'link-known',
        what: `link of ${gateway.name}`,
        known: gateway.links,
      });
    }),
  ),
};
