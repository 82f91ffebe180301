import type { FarEnds, LiveElements } from './definition.js';
import { type Element, keyId, type Target } from './element.js';

const indexed = new WeakMap<readonly Element[], LiveElements>();

/** What a target holds, to be looked up by map and key. A target answers with the same list until it writes: one index each. */
export async function liveElements(target: Target): Promise<LiveElements> {
  const all = await target.list();
  const known = indexed.get(all);
  if (known) return known;
  const byKey = new Map(all.map((element) => [`${element.map} ${keyId(element.key)}`, element]));
  const live: LiveElements = { all, get: (map, key) => byKey.get(`${map} ${keyId(key)}`) };
  indexed.set(all, live);
  return live;
}

/** Nobody is '' in a state and undefined on a far end. */
const nobody = '';

/** Whether two elements say the same, whichever creation they are of. */
export const isSame = (a: Omit<Element, 'instance'>, b: Omit<Element, 'instance'>): boolean =>
  a.value.length === b.value.length &&
  a.value.every((part, i) => part === b.value[i]) &&
  (a.owner ?? nobody) === (b.owner ?? nobody) &&
  (a.order ?? '') === (b.order ?? '');

/**
 * Whether the stage reached, as the register has it, still declares this. A resource whose construct was renamed
 * is destroyed and created in no order: destroyed first, its element has to stay for the one that comes.
 */
export async function isDeclaredByStageReached(
  farEnds: FarEnds,
  owner: string,
  id: string,
): Promise<boolean> {
  if (farEnds.provider.register === undefined) return false;
  const live = await liveElements(farEnds.targets({ kind: 'register' }));
  return live.all.some(
    ({ map, owner: of, value }) => map === 'declares' && of === owner && value.includes(id),
  );
}
