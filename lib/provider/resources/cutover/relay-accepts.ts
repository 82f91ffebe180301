import { knownRecipient, notTaken, type CutoverRule } from './cutover.js';

export const relayAccepts: CutoverRule = {
  id: 'gate-relay-accepts',
  why: 'An MX that names a relay which does not take the domain’s mail defers or bounces all of it.',
  towards: 'relay',
  summary: 'a relay that its MX will name does not take its mail',
  remedy:
    'The Internet listener must answer 250. If this deploy is the first of stage 4, take outgoingTestPassedOn out of the file, deploy the way out and the acceptance, test, and write the day again.',
  check: ({ move, askedTo }) => askedTo.flatMap((asked) => notTaken(asked, knownRecipient(move.domain))),
};
