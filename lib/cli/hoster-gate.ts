import type { Municipality } from '../config/municipality.js';
import { isInstructed, type HosterRow } from '../migration/hoster-sheet.js';
import type { Diagnostic } from '../provider/definition.js';
import { UnreachableError } from '../provider/element.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { domainsOf, notAsked, type Held } from './hoster-held.js';

/** Asks what the gate would refuse of each MX, as if it were the only one that moves. */
type LookAtEach = (domains: readonly string[]) => Promise<{ domain: string; refused: Diagnostic[] }[]>;

/**
 * A hoster is told to let the MX name the relay only while the gate would let it: what it asked at the deploy may have
 * changed since, and the hoster's hand is the last that it can hold. Where no name server answers, too: what nobody
 * sees, the gate lets move nowhere. An SPF record is not held up with it: the gate may be waiting for just that.
 */
export async function heldByGate(
  { id }: Municipality,
  rows: readonly HosterRow[],
  lookAtEach: LookAtEach,
): Promise<Held[]> {
  const domains = domainsOf(rows.filter(movesToRelay));
  if (domains.length === 0) return [];
  try {
    const looked = await lookAtEach(domains);
    const found = looked.flatMap(({ refused }) => refused);
    const [first] = found;
    if (first === undefined) return [];
    const held = looked.filter(({ refused }) => refused.length > 0).map(({ domain }) => domain);
    const failure = new Failure({
      what: `the gate would not let the MX of ${held.join(', ')} move now`,
      details: [...new Set(found.map(({ summary, rule }) => `${summary} [${rule}]`))],
      remedy: `npx mailversand deploy ${id} shows each in full and what to do; then call again. Nothing was instructed of that`,
      rule: first.rule,
      exit: ExitCode.refused,
    });
    return [{ domains: held, type: 'MX', reason: 'gate', failure }];
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return [{ ...notAsked(domains, error), type: 'MX' }];
  }
}

/** A TTL that is still too high is of an MX that has moved. */
const movesToRelay = (row: HosterRow): boolean =>
  row.record.towardsRelay && row.state !== 'ttl' && isInstructed(row, []);
