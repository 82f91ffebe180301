import type { FarEnds } from '../../definition.js';
import { liveElements } from '../../live.js';
import { timestamp } from '../../time.js';

export const overridesMap = 'overrides';

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
