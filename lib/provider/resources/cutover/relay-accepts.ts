import {
  hasBegun,
  knownRecipient,
  notTaken,
  ofOthersToo,
  type Cutover,
  type CutoverRule,
} from './cutover.js';

export const relayAccepts: CutoverRule = {
  id: 'gate-relay-accepts',
  why: 'An MX that names a relay which does not take the domain’s mail defers or bounces all of it.',
  towards: 'relay',
  summary: 'a relay that its MX will name does not take its mail',
  remedy: `Each line says why. No IPv4 address, or no answer: the relay’s name, its listener or a firewall before it. No acceptance: take outgoingTestPassedOn out of the file, deploy, test, and write the day again. No route: as at gate-relay-routes. Does not confirm the recipient: npx mailversand anbindungstest names the fault; once it is healed the relay asks anew within minutes. ${ofOthersToo}`,
  check: (cutover) =>
    cutover.askedTo.flatMap((asked) =>
      notTaken(asked, knownRecipient(cutover.move.domain)).flatMap((line) => {
        const missing = missingAtRelay(line, cutover.routed);
        if (missing !== undefined && hasBegun(cutover)) return [];
        return [`${line}${missing ?? unconfirmed(line)}`];
      }),
    ),
};

/**
 * What the relay has not got of a domain, by the enhanced codes that Postfix gives with the settings of
 * templates/relay. The deploy writes both before the MX: where mail comes already, it must not wait for them.
 */
function missingAtRelay(line: string, routed: Cutover['routed']): string | undefined {
  // `defer`, behind a map of accepted domains that has not got this one.
  if (/: 4\d\d 4\.3\.2 /.test(line)) return ' (it has no acceptance for the domain)';
  return isUnverified(line) && !routed ? ' (it has no route for the domain)' : undefined;
}

const unconfirmed = (line: string): string =>
  isUnverified(line)
    ? ' (the municipality’s server, asked by the relay, does not confirm the recipient)'
    : '';

/** `reject_unverified_recipient`: the relay has asked by its route. */
const isUnverified = (line: string): boolean => /: [45]\d\d [45]\.1\.1 /.test(line);
