import { isInstructed, type HosterRow } from '../migration/hoster-sheet.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { Loaded } from './files.js';
import { lookAtGate } from './gate-look.js';

/**
 * A hoster is told to let the MX name the relay only while the gate would let it: what it asked at the deploy may have
 * changed since, and the hoster's hand is the last that it can hold. Where no name server answers, too: what nobody
 * sees, the gate lets move nowhere.
 */
export async function gateMustAgree(
  rows: readonly HosterRow[],
  loaded: Loaded,
  look = lookAtGate,
): Promise<void> {
  if (!rows.some(movesToRelay)) return;
  const [first, ...more] = await look(loaded);
  if (!first) return;
  const { id } = loaded.municipality;
  throw new Failure({
    what: `the gate would not let the MX of ${id} move now`,
    details: [first, ...more].map(({ summary, rule }) => `${summary} [${rule}]`),
    remedy: `npx mailversand deploy ${id} shows each in full and what to do; then call again. Nothing was instructed`,
    rule: first.rule,
    exit: ExitCode.refused,
  });
}

/** A TTL that is still too high is of an MX that has moved. */
const movesToRelay = (row: HosterRow): boolean =>
  row.record.towardsRelay && row.state !== 'ttl' && isInstructed(row, []);
