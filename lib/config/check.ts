import type { z } from 'zod';
import { explanationOf, unknownKey } from './fields/field.js';
import { shown, type Explanation, type Problem } from './problem.js';
import type { Source } from './yaml.js';
import type { Path } from './yaml-places.js';

/**
 * What of a file has passed the check of its own field; the rest is absent. Rules look at drafts, so that a
 * mistake in one field hides no mistake in another.
 */
export type Draft<T> = T extends readonly (infer Item)[]
  ? (Draft<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Draft<T[Key]> }
    : T;

export interface Checked<T> {
  source: Source;
  /** Undefined if there are problems. */
  value?: T;
  /** Undefined if there is nothing to look at: no YAML, or no mapping. */
  draft?: Draft<T>;
  problems: Problem[];
}

/** Checks a file against its schema. */
export function check<Schema extends z.ZodType>(source: Source, schema: Schema): Checked<z.output<Schema>> {
  type Value = z.output<Schema>;
  if (source.problems.length > 0) return { source, problems: source.problems };
  if (source.value === null) return { source, problems: [{ ...source.place([]), ...emptyFile }] };
  const result = schema.safeParse(source.value);
  if (result.success) {
    return { source, value: result.data, draft: result.data as Draft<Value>, problems: [] };
  }
  const { issues } = result.error;
  return {
    source,
    draft: without(source.value, wrongPaths(issues)) as Draft<Value> | undefined,
    problems: issues.flatMap((issue) => problemsOf(source, issue)),
  };
}

const emptyFile = {
  rule: 'file-empty',
  found: 'an empty file',
  expected: 'a mapping with at least the keys that have no default',
  remedy: 'start from templates/municipality.yaml',
};

/** A key too many makes nothing beside it wrong. */
const wrongPaths = (issues: readonly z.core.$ZodIssue[]): Path[] =>
  issues.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => path);

function problemsOf(source: Source, issue: z.core.$ZodIssue): Problem[] {
  const { path, message } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => keyProblem(source, [...path, key], unknownKey(key, message)));
    case 'invalid_key':
      return issue.issues.map((inner) => keyProblem(source, path, explanationOf(inner.message)));
    default:
      return [problemAt(source, path, explanationOf(message))];
  }
}

/** A problem with the value at a path. */
export const problemAt = (source: Source, path: Path, explanation: Explanation): Problem => ({
  ...source.place(path),
  found: [nameOf(path), source.text(path)].filter((part) => part !== '').join(': '),
  ...explanation,
});

const keyProblem = (source: Source, path: Path, explanation: Explanation): Problem => ({
  ...source.keyPlace(path),
  found: `key ${shown(nameOf(path))}`,
  ...explanation,
});

/** The last key of a path: in a list, the list's. */
const nameOf = (path: Path): string => path.findLast((step) => typeof step === 'string') ?? '';

/** The value without what stands at the paths. List positions stay as they are. */
function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return undefined;
  const copy = structuredClone(value);
  for (const path of paths) {
    const parent = path.slice(0, -1).reduce<unknown>((inner, step) => (inner as Mapping)[step], copy);
    (parent as Mapping)[path.at(-1) as PropertyKey] = undefined;
  }
  return copy;
}

type Mapping = Record<PropertyKey, unknown>;
