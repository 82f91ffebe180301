import type { CutoverRule } from './cutover.js';

export const relayRoutes: CutoverRule = {
  id: 'gate-relay-routes',
  why: 'A relay that accepts a domain without a route sends its mail to the MX, which is the relay itself: it bounces at once.',
  towards: 'relay',
  summary: 'its relay has no route for it',
  remedy: 'Deploy the stage that the register has: it writes the route again.',
  check: ({ move, routed }) => (routed ? [] : [`${move.relay} has no live element transport ${move.domain}`]),
};
