/** How long a decision counts: on its day and the next, so that it does not open anything a second time. */
const countsFor = 2 * 86_400_000;

/** Milliseconds by which a day begins earlier somewhere than in UTC. */
const aheadOfUtc = 14 * 3_600_000;

/** Whether a day (YYYY-MM-DD) has begun nowhere yet. */
export const isToCome = (day: string, now: Date): boolean => Date.parse(day) > now.getTime() + aheadOfUtc;

/** Whether a decision of a person (`2026-03-31 REFERENCE`) counts now. */
export const isInForce = (decision: string | undefined, now: Date): boolean => {
  const began = Date.parse(decision?.split(' ')[0] ?? '');
  return now.getTime() >= began - aheadOfUtc && now.getTime() < began + countsFor;
};
