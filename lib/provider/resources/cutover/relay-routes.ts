import { hasBegun, ofOthersToo, type CutoverRule } from './cutover.js';

export const relayRoutes: CutoverRule = {
  id: 'gate-relay-routes',
  why: 'A relay that accepts a domain without a route sends its mail to the MX, which is the relay itself: it bounces at once.',
  towards: 'relay',
  summary: 'its relay has no route for it',
  remedy: `Take outgoingTestPassedOn out of the file and deploy: that writes the route again and moves no MX. Then write the day again. ${ofOthersToo}`,
  // Where mail comes to the relay already, the deploy that writes the route again must not wait for it.
  check: (cutover) =>
    cutover.routed || hasBegun(cutover)
      ? []
      : [`the map transport of ${cutover.move.relay} has no line for ${cutover.move.domain}`],
};
