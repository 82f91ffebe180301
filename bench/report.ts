/** One line of the report: a measured command against its baseline of the same run. */
export interface Figure {
  readonly what: string;
  /** Median, seconds. */
  readonly seconds: number;
  readonly baseline: string;
  /** Median, seconds. */
  readonly baselineSeconds: number;
  /** The ratio to aim at, where one is set. */
  readonly goal?: number;
}

const s = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 3 : 1)} s`;

/** As a Markdown table, so that it can be pasted into a note. */
export function report(figures: readonly Figure[]): string {
  return [
    '| what | median | baseline | median | ratio | goal |',
    '|---|---|---|---|---|---|',
    ...figures.map(
      ({ what, seconds, baseline, baselineSeconds, goal }) =>
        `| ${what} | ${s(seconds)} | ${baseline} | ${s(baselineSeconds)} | ${(seconds / baselineSeconds).toFixed(2)} | ${goal === undefined ? '' : `≤ ${goal}`} |`,
    ),
  ].join('\n');
}
