import type { LiveElements } from './definition.js';
import { describe } from './diagnose.js';
import {
  ConflictError,
  type Element,
  type ElementKey,
  keyId,
  type Target,
  type Transaction,
} from './element.js';
import { isSame } from './live.js';

type Wanted = Omit<Element, 'instance'>;

/**
 * Compare-and-swap from what the state says to what is wanted. Expected is what is live now, after it was
 * compared with the state: so the far end notices also what changes from here to its lock.
 * @throws ConflictError
 */
export function swap(
  target: Target,
  live: LiveElements,
  { prior, wanted, instance }: { prior: readonly Wanted[]; wanted: readonly Wanted[]; instance: string },
): Transaction {
  const was = byKey(prior);
  const want = byKey(wanted);
  const keys = new Map([...was, ...want]);
  const transaction: Transaction = {
    expect: [],
    put: wanted.map((element) => ({ ...element, instance })),
    remove: [],
  };
  for (const [id, { map, key }] of keys) {
    const at: ElementKey = { map, key };
    const found = live.get(map, key);
    compare(target, at, found, was.get(id), want.get(id));
    transaction.expect.push({ at, found });
    if (found && !want.has(id)) transaction.remove.push(at);
  }
  return transaction;
}

/** What is already as wanted is no conflict; nor is what is gone and was to go. */
function compare(
  target: Target,
  at: ElementKey,
  found: Element | undefined,
  was: Wanted | undefined,
  want: Wanted | undefined,
): void {
  const asExpected =
    was === undefined
      ? found === undefined || found.owner === want?.owner
      : found === undefined
        ? want === undefined
        : isSame(found, was) || (want !== undefined && isSame(found, want));
  if (asExpected) return;
  throw new ConflictError(
    at,
    was,
    found,
    `${target.title} holds ${describe(found)}; the plan saw ${describe(was)}.`,
  );
}

const byKey = (elements: readonly Wanted[]): Map<string, Wanted> =>
  new Map(elements.map((element) => [`${element.map} ${keyId(element.key)}`, element]));
