import { closest } from '../closest.js';
import { problemWith, type Entry } from '../fleet.js';
import type { Problem, RuleId } from '../problem.js';
import type { Path } from '../yaml-places.js';

/** What a name in a municipality's file must be one of. */
export interface Names {
  rule: RuleId;
  /** For messages: `gateway`. */
  what: string;
  /** The mapping of the platform file whose keys they are. */
  known: Record<string, unknown>;
}

/** Names shown before a message becomes a catalogue. */
const MOST_SHOWN = 5;

/** A name must be known. An absent one was reported already, or has its default. */
export function nameProblems(entry: Entry, path: Path, name: string | undefined, names: Names): Problem[] {
  const { rule, what, known } = names;
  if (name === undefined || Object.hasOwn(known, name)) return [];
  const all = Object.keys(known);
  const near = closest(name, all);
  return [
    problemWith(entry, path, rule, {
      found: `${what} ${name}`,
      expected: `the name of a ${what} in the platform file`,
      remedy: near === undefined ? `write one of ${some(all)}, or add it there` : `write ${near}`,
    }),
  ];
}

/** The same where no name stands for the only one there is. */
export function nameOrOnlyProblems(
  entry: Entry,
  path: Path,
  name: string | undefined,
  names: Names,
): Problem[] {
  const all = Object.keys(names.known);
  // A name that is in the file and not in the draft was reported already.
  const absent = name === undefined && all.length > 1 && entry.source.text(path) === 'missing';
  if (!absent) return nameProblems(entry, path, name, names);
  return [
    problemWith(entry, path, names.rule, {
      found: `no ${names.what}`,
      expected: `the name of one: the platform has ${all.length}`,
      remedy: `write ${path.join('.')}: one of ${some(all)}`,
    }),
  ];
}

const some = (names: string[]): string =>
  names.slice(0, MOST_SHOWN).join(', ') + (names.length > MOST_SHOWN ? ' …' : '');
