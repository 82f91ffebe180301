import type { Diagnostic } from '../../definition.js';
import { list } from '../gate-rule.js';
import type { Evidence } from './cutover.js';
import { sendersTakenOut } from './old-senders.js';

/** Who takes an old sender out of SPF on purpose, once the MX has moved, is told that the way back ends with it. */
export function closesWayBack(evidence: Evidence): Diagnostic[] {
  const senders = sendersTakenOut(evidence);
  if (senders.length === 0) return [];
  const { domain } = evidence.move;
  return [
    {
      severity: 'warning',
      summary: `The MX of ${domain} cannot go back after this deploy`,
      detail: `It takes out of the SPF record from where ${domain} was sent before the MX moved:\n${list(senders)}\nOnce it has, gate-way-back refuses the edge back until SPF names them again and no cache has a record without them. Go on if the way back is not needed any more; else put them back into spf.value.`,
      attribute: 'moves',
      rule: 'way-back-closes',
    },
  ];
}
