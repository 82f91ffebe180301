import { withPlatform, type FleetRule } from '../fleet.js';
import { nameOrOnlyProblems } from './names.js';

export const gatewayKnown: FleetRule = {
  id: 'gateway-known',
  why: 'Rules for a gateway that nobody runs would be ordered and never open anything.',
  check: withPlatform(({ municipalities }, { file }) =>
    municipalities.flatMap((entry) =>
      nameOrOnlyProblems(entry, ['network', 'gateway'], entry.draft.network?.gateway, {
        rule: 'gateway-known',
        what: 'gateway',
        known: file.gateways,
      }),
    ),
  ),
};
