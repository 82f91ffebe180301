import type { Diagnostic } from '../../definition.js';
import type { SpfCost } from '../../targets/dns/spf-cost.js';
import type { Vantage } from '../../vantage.js';
import { list, refusal } from '../gate-rule.js';
import { shownNow, type Evidence } from './cutover.js';
import { beyondLimits, spfWithinLimits } from './spf.js';

/**
 * Why a new SPF record must not be written: receivers would give up on it, more than on the one that is there.
 * @returns lines; empty where nothing stands against it
 */
export async function newSpfTooCostly(
  domain: string,
  record: string,
  { spfCost }: Pick<Vantage, 'spfCost'>,
): Promise<string[]> {
  const [now, then] = await Promise.all([spfCost(domain), spfCost(domain, record)]);
  return isWorse(then, now) ? beyondLimits(then) : [];
}

const isWorse = (then: SpfCost, now: SpfCost): boolean =>
  then.lookUps > now.lookUps || then.voids > now.voids || then.problems.length > now.problems.length;

/**
 * Of the record that a deploy writes, whether or not an MX moves with it: receivers refuse the mail at once.
 * @param back the domain goes back, which must be possible whatever stands in SPF: then it is a warning
 */
export async function spfWrittenWithinLimits(
  evidence: Evidence,
  back: boolean,
  vantage: Pick<Vantage, 'spfCost'>,
): Promise<Diagnostic[]> {
  const { domain, spfWritten } = evidence.move;
  const shown = shownNow(evidence, 'SPF');
  if (spfWritten === '' || shown.every(({ data }) => data === spfWritten)) return [];
  const found = await newSpfTooCostly(domain, spfWritten, vantage);
  if (found.length === 0) return [];
  const refused = refusal(
    spfWithinLimits.id,
    'moves',
    `The SPF record that this deploy writes for ${domain} asks too much of receivers`,
    `${list(found)}\nIt writes ${spfWritten}\n\n${spfWithinLimits.remedy}`,
  );
  return [back ? { ...refused, severity: 'warning' } : refused];
}
