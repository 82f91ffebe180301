import { withPlatform, type FleetRule } from '../fleet.js';
import { nameOrOnlyProblems } from './names.js';

export const relayKnown: FleetRule = {
  id: 'relay-known',
  why: 'Mail is routed by one relay; its addresses stand in every opening.',
  check: withPlatform(({ municipalities }, { file }) =>
    municipalities.flatMap((entry) =>
      nameOrOnlyProblems(entry, ['relay'], entry.draft.relay, {
        rule: 'relay-known',
        what: 'relay',
        known: file.relays,
      }),
    ),
  ),
};
