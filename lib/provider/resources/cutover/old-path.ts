import type { Wait } from '../../definition.js';
import { observeCommand } from './aged.js';
import { knownRecipient, notTaken, type Cutover, type CutoverRule } from './cutover.js';
import { forbiddenAfter } from './mta-sts.js';
import { oldSendersMissing } from './old-senders.js';
import { otherCertificates } from './zone.js';

export const oldPathWorks: CutoverRule = {
  id: 'gate-old-path',
  why: 'The old path is the way back, and takes the mail of everybody who still has the old MX in a cache.',
  towards: 'relay',
  summary: 'a server that its MX names until now does not take its mail',
  remedy:
    'Put that server right first. Where it greylists, ask again after a few minutes. A host that is gone for good belongs into no MX: take it out of the zone and of the file.',
  check: ({ move, askedFrom }) => askedFrom.flatMap((asked) => notTaken(asked, knownRecipient(move.domain))),
};

/** Why an MX may not go back, a line each, or a {@link Wait}. */
export const notTakenBack = (
  cutover: Pick<Cutover, 'move' | 'askedTo' | 'observations' | 'recorded' | 'tlsa' | 'now'>,
): (string | Wait)[] => [
  ...cutover.askedTo.flatMap((asked) => notTaken(asked, knownRecipient(cutover.move.domain))),
  ...forbiddenAfter(cutover),
  ...otherCertificates(cutover),
  ...oldSendersMissing(cutover),
];

export const wayBackWorks: CutoverRule = {
  id: 'gate-way-back',
  why: 'An MX that goes back to a server which does not take the domain’s mail loses what the relay would have kept. Neither do senders deliver to one that an enforced MTA-STS policy or a TLSA record rules out. And what the municipality sends by its old servers again is refused by receivers whose SPF record does not name them.',
  towards: 'municipality',
  summary: 'the old path would not carry its mail',
  overridable: true,
  remedy: `Put that server (or the policy, or the record) right first; the relay keeps taking the mail until then. A sender that SPF has lost: write it into spf.value and deploy at stage 4 (at a hoster, have it written), and let the old record age: ${observeCommand} records what is shown. If it must go back all the same, write the decision into the file (wayBackDespite: reference and on); it is recorded.`,
  check: notTakenBack,
};
