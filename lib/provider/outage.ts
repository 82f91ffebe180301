import { isInForce } from './decision.js';
import type { Diagnostic, FarEnds } from './definition.js';
import { RefusedError, UnreachableError, type TargetRef } from './element.js';

/** A gateway or relay that does not answer, or will not work as it is set now, and need not: the platform file has declared its outage. */
export interface Outage {
  /** Day and reference, a blank between. */
  decision: string;
  /** Why it does not answer. */
  why: string;
}

/** The declared outage of a far end, if it is in force; what answers all the same is asked as ever. */
export function declaredOutage(ref: TargetRef | undefined, farEnds: FarEnds): string | undefined {
  if (ref?.kind !== 'gateway' && ref?.kind !== 'relay') return undefined;
  const all = farEnds.provider[ref.kind === 'gateway' ? 'gateways' : 'relays'];
  const decision = all.find(({ name }) => name === ref.name)?.outage;
  return isInForce(decision, farEnds.now()) ? decision : undefined;
}

/** A relay whose settings are not as they must be is as good as none: it may be why one goes back. */
export const isAway = (error: unknown): error is Error =>
  error instanceof UnreachableError || error instanceof RefusedError;

/**
 * Asks a far end; where it does not answer in a declared outage, that is the answer.
 * @throws UnreachableError where no outage is declared
 */
export async function orOutage<T>(
  ref: TargetRef | undefined,
  farEnds: FarEnds,
  ask: () => Promise<T>,
): Promise<{ answer: T; outage?: undefined } | { answer?: undefined; outage: Outage }> {
  try {
    return { answer: await ask() };
  } catch (error) {
    const decision = declaredOutage(ref, farEnds);
    if (decision === undefined || !isAway(error)) throw error;
    return { outage: { decision, why: error.message } };
  }
}

/** What was read is what the state remembers. */
export const believed = ({ decision, why }: Outage): Diagnostic => ({
  severity: 'warning',
  summary: 'A far end is out of order, and what the state remembers of it is believed',
  detail: `${why}\nThe platform file declares its outage (${decision}), so that an MX can go back without it.`,
  rule: 'outage',
});

/** What was to be written is written by the first deploy after it. */
export const notWritten = ({ decision, why }: Outage, id: string): Diagnostic => ({
  severity: 'warning',
  summary: 'A far end is out of order, and nothing was written there',
  detail: `${id}: ${why}\nThe platform file declares its outage (${decision}). Once it answers, deploy again: the plan then shows what it still lacks.`,
  rule: 'outage',
});
