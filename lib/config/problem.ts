/** The id in brackets behind every message, so that it can be searched for and documented. */
export type RuleId = string;

/** A place in a file. */
export interface Place {
  /** Path as the user gave it, relative to the working directory. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
}

/** What is wrong with a value, wherever it stands. */
export interface Explanation {
  /** What is allowed there. */
  expected: string;
  /** What to do now. */
  remedy: string;
  rule: RuleId;
}

/**
 * One thing wrong in a file. Problems are values: they are collected, sorted by place and printed once, at
 * the edge of the program; nothing deep inside prints or exits.
 */
export interface Problem extends Place, Explanation {
  /** What stands there, shortened for display, control characters escaped. */
  found: string;
}

/** Sorts by file, line, column, then rule and text, so that two runs print the same. */
export function compareProblems(a: Problem, b: Problem): number {
  return (
    compareTexts(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareTexts(a.rule, b.rule) ||
    compareTexts(a.found, b.found)
  );
}

/** By code point: the same order on every machine, whatever its locale. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Two lines a problem: place and what was found; what is allowed, what to do, the rule. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, found, expected, remedy, rule } = problem;
  return `${escaped(file)}:${line}:${column}  ${found}\n  ${expected}; ${remedy}   [${rule}]`;
}

/** Of one rule in one file: whoever made the same mistake a thousand times reads it so often. */
const MOST_OF_A_KIND = 20;

/** All of them, sorted by place, with an empty last line; nothing for none. */
export function formatProblems(problems: readonly Problem[]): string {
  const seen = new Map<string, number>();
  const lines = [...problems].sort(compareProblems).flatMap((problem) => {
    const kind = `${escaped(problem.file)}  [${problem.rule}]`;
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count > MOST_OF_A_KIND ? [] : [`${formatProblem(problem)}\n`];
  });
  const more = [...seen].flatMap(([kind, count]) =>
    count > MOST_OF_A_KIND ? [`${kind}: and ${count - MOST_OF_A_KIND} more\n`] : [],
  );
  return [...lines, ...more].join('');
}

/** `1 problem`, `2 problems`. */
export const problemCount = ({ length }: readonly Problem[]): string =>
  `${length} ${length === 1 ? 'problem' : 'problems'}`;

/** For machines: one JSON document. */
export function problemsAsJson(problems: readonly Problem[]): string {
  return JSON.stringify(
    { valid: problems.length === 0, problems: [...problems].sort(compareProblems) },
    null,
    2,
  );
}

/** The longest value that a message repeats. */
const LONGEST_SHOWN = 60;

/** A value as a message may show it: one line, shortened, nothing that moves a terminal's cursor. */
export function shown(text: string, longest = LONGEST_SHOWN): string {
  // Cut before escaping: a value of megabytes is not escaped in vain.
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return escaped(short);
}

/** Control, format (bidirectional overrides, zero width) and line separating characters become visible. */
function escaped(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const known = { '\n': '\\n', '\t': '\\t', '\r': '\\r' }[character];
    return known ?? `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}
