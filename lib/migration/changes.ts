import type { DesiredState } from './elements.js';
import { identified, type Identified } from './kinds.js';

/** What an edge, or any other edit of the files, does to the desired state. */
export interface Changes {
  added: Identified[];
  removed: Identified[];
  /** The same id with other values. */
  changed: { id: string; before: object; after: object }[];
}

/** Difference of two desired states by id, each list sorted by id. */
export function changes(before: DesiredState, after: DesiredState): Changes {
  const old = new Map(identified(before).map(({ id, element }) => [id, element]));
  const now = new Map(identified(after).map(({ id, element }) => [id, element]));
  return {
    added: identified(after).filter(({ id }) => !old.has(id)),
    removed: identified(before).filter(({ id }) => !now.has(id)),
    changed: identified(after).flatMap(({ id, element }) => {
      const was = old.get(id);
      return was === undefined || JSON.stringify(was) === JSON.stringify(element)
        ? []
        : [{ id, before: was, after: element }];
    }),
  };
}
