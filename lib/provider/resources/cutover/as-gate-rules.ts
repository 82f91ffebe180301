import type { Wait } from '../../definition.js';
import { findingText, list, refusal, type GateRule } from '../gate-rule.js';
import type { CutoverRule } from './cutover.js';
import { cutoverRules } from './index.js';
import { isInForce } from '../../decision.js';

const at =
  (domain: string) =>
  ({ what, until }: Wait): Wait => ({ what: `${domain}: ${what}`, until });

/** The rules of a cut-over, each asked of every MX that the deploy would move. */
export const cutoverGateRules: readonly GateRule[] = cutoverRules.map(ofEachMove);

function ofEachMove({ id, why, towards, summary, remedy, overridable, check }: CutoverRule): GateRule {
  return {
    id,
    why,
    remedy,
    check: ({ cutovers, wayBackDespite, now }) =>
      cutovers
        .filter(({ move }) => move.towards === towards)
        .flatMap((cutover) => {
          const found = check(cutover);
          if (found.length === 0) return [];
          const what = `The MX of ${cutover.move.domain} may not move: ${summary}`;
          const waits = found.filter((one) => typeof one !== 'string');
          const healing = waits.length === found.length ? waits.map(at(cutover.move.domain)) : undefined;
          const detail = `${list(found.map(findingText))}\n\n${remedy}`;
          const refused = refusal(id, 'moves', what, detail, healing);
          return [
            overridable && isInForce(wayBackDespite, now) ? { ...refused, severity: 'warning' } : refused,
          ];
        }),
  };
}
