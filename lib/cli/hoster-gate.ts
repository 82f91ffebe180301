import type { HosterRow } from '../migration/hoster-sheet.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { Loaded } from './files.js';
import { lookAtGate } from './gate-look.js';

/**
 * A hoster is told to let the MX name the relay only while the gate would let it: what it asked at the deploy may have
 * changed since, and the hoster's hand is the last that it can hold.
 */
export async function gateMustAgree(rows: readonly HosterRow[], loaded: Loaded): Promise<void> {
  if (!rows.some(({ record, state }) => record.towardsRelay && state === 'change')) return;
  const [first, ...more] = await lookAtGate(loaded);
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
