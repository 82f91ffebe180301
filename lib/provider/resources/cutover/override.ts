import type { FarEnds } from '../../definition.js';
import { liveElements } from '../../live.js';
import { timestamp } from '../../time.js';

export const overridesMap = 'overrides';

/** How long a decision counts: on its day and the next, so that it does not open the gate a second time. */
const countsFor = 2 * 86_400_000;

/** Whether a decision (`2026-03-31 REFERENCE`) counts now. */
export const isInForce = (decision: string | undefined, now: Date): boolean => {
  const began = Date.parse(decision?.split(' ')[0] ?? '');
  return now.getTime() >= began && now.getTime() < began + countsFor;
};

/** Writes into the register that a decision of a person was used, and when. */
export async function recordOverride(
  municipality: string,
  owner: string,
  decision: string,
  farEnds: FarEnds,
): Promise<void> {
  const register = farEnds.targets({ kind: 'register' });
  // Each decision is a row of its own: it stays when the next is made.
  const at = { map: overridesMap, key: [municipality, ...decision.split(' ')] };
  const found = (await liveElements(register)).get(at.map, at.key);
  if (found) return;
  const put = { ...at, value: [timestamp(farEnds.now())], owner };
  await register.apply({ expect: [{ at, found }], put: [put], remove: [] });
}
