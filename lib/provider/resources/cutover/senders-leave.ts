import type { Diagnostic } from '../../definition.js';
import { list } from '../gate-rule.js';
import { shownNow, type Evidence } from './cutover.js';
import { oldSendersLeaving } from './old-senders.js';
import { lost, oldHosts, permitted } from './spf-terms.js';

/** Who takes an old sender out of SPF on purpose, once the MX has moved, is told that the way back ends with it. */
export function closesWayBack(evidence: Evidence): Diagnostic[] {
  const { domain, spfWritten } = evidence.move;
  return warning(
    'way-back-closes',
    `The MX of ${domain} cannot go back after this deploy`,
    oldSendersLeaving(evidence),
    `It writes the SPF record ${spfWritten}, other than when the MX moved:`,
    'Once it has, gate-way-back refuses the edge back until SPF lets those pass again and no cache has a record that does not. Go on if the way back is not needed any more; else put spf.value back to what it was.',
  );
}

/** The MX is at the municipality's servers, and they send. */
export function sendersLeave(evidence: Evidence): Diagnostic[] {
  const { move } = evidence;
  if (move.spfWritten === '') return [];
  // `mx` means the same on both sides.
  const written = permitted(move.spfWritten, move, oldHosts(move));
  const losses = shownNow(evidence, 'SPF').flatMap(({ data }) =>
    data === '' ? [] : lost(written, permitted(data, move, oldHosts(move))),
  );
  return warning(
    'senders-leave-spf',
    `Receivers may refuse mail from ${move.domain} after this deploy`,
    [...new Set(losses)],
    `Its MX names its own servers, and the deploy writes the SPF record ${move.spfWritten}, which lets less pass than the one that is there now:`,
    'Go on if nobody sends from there any more; else put spf.value back to what the zone has.',
  );
}

const warning = (
  rule: string,
  summary: string,
  losses: readonly string[],
  what: string,
  then: string,
): Diagnostic[] =>
  losses.length === 0
    ? []
    : [
        {
          severity: 'warning',
          summary,
          detail: `${what}\n${list(losses)}\n${then}`,
          attribute: 'moves',
          rule,
        },
      ];
