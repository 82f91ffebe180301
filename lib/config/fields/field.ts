import { z } from 'zod';
import type { Explanation } from '../problem.js';
import { closest } from '../closest.js';

/**
 * A check's message is its explanation, one part a line: zod carries messages and nothing else from every
 * kind of check to the place where problems are made.
 */
export const explain = ({ expected, remedy, rule }: Explanation): string =>
  [expected, remedy, rule].join('\n');

/** The inverse of `explain`. */
export function explanationOf(message: string): Explanation {
  const [expected, remedy, rule] = message.split('\n') as [string, string, string];
  return { expected, remedy, rule };
}

export interface TextKind extends Explanation {
  /** Source of a regular expression for the whole text; editors check it too. */
  pattern: string;
  example: string;
}

/** What else is wrong with a text, replacing the general words; undefined if nothing. */
export type Complaint = (value: string) => Partial<Explanation> | undefined;

/** A text field: its pattern, then what no pattern can express. */
export function text(kind: TextKind, complaint: Complaint = () => undefined) {
  const pattern = new RegExp(kind.pattern, 'u');
  return z
    .string({ error: explain(kind) })
    .check((context) => {
      const wrong = complaint(context.value) ?? (pattern.test(context.value) ? undefined : {});
      if (!wrong) return;
      context.issues.push({ code: 'custom', input: context.value, message: explain({ ...kind, ...wrong }) });
    })
    .meta({ pattern: kind.pattern, examples: [kind.example] });
}

/** A whole number between two limits, both included. */
export function wholeNumber(least: number, most: number, what: string) {
  const error = explain({
    rule: 'number',
    expected: `${what}: a whole number from ${least} to ${most}`,
    remedy: 'write digits without quotes',
  });
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words, what: string) {
  return z.enum(words, {
    error: (issue) =>
      explain({
        rule: 'one-of',
        expected: `${what}: ${words.join(' or ')}`,
        remedy: `write ${closest(String(issue.input), words) ?? 'one of them'}`,
      }),
  });
}

/** A mapping with just these keys. For keys that it does not know the message is the list of those it does. */
export function mapping<Shape extends z.core.$ZodShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys.join(' ') : explain(noMapping(keys))),
  });
}

/** For one key that a mapping does not know. `message` is the one of `mapping`. */
export function unknownKey(key: string, message: string): Explanation {
  const known = message.split(' ');
  const near = closest(key, known);
  return {
    rule: 'unknown-key',
    expected: `one of the keys ${known.join(', ')}`,
    remedy: near === undefined ? 'remove it' : `write ${near}`,
  };
}

const noMapping = (keys: readonly string[]): Explanation => ({
  rule: 'mapping',
  expected: `a mapping with keys of ${keys.join(', ')}`,
  remedy: 'write them indented below, one a line',
});

/** A list of at least one. */
export function list<Item extends z.core.$ZodType>(item: Item, what: string) {
  const error = explain({
    rule: 'list',
    expected: `a list of ${what}`,
    remedy: 'write one a line, each after "- "',
  });
  return z.array(item, { error }).min(1, { error });
}

/** A mapping from names of the reader's choice. */
export function named<Value extends z.core.$ZodType>(value: Value, what: string, key = identifier(what)) {
  return z.record(key, value, { error: explain(noNames(what)) });
}

/** The same with at least one name. */
export function someNamed<Value extends z.core.$ZodType>(value: Value, what: string, key = identifier(what)) {
  return named(value, what, key).check((context) => {
    if (Object.keys(context.value).length > 0) return;
    context.issues.push({ code: 'custom', input: context.value, message: explain(noNames(what)) });
  });
}

const noNames = (what: string): Explanation => ({
  rule: 'mapping',
  expected: `a mapping from the name of each ${what} to what it is`,
  remedy: 'write the name, a colon, and the rest behind or indented below it',
});

/** The name of something in a file, as other files refer to it. */
export function identifier(what: string) {
  return text({
    rule: 'identifier',
    pattern: '^[a-z][a-z0-9-]{0,62}$',
    expected: `the name of a ${what}: a-z, 0-9 and hyphens, beginning with a letter, at most 63 characters`,
    remedy: 'use these signs only',
    example: 'gw1',
  });
}
