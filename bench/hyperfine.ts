import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A command and what it is called in the report. */
export interface Candidate {
  readonly name: string;
  readonly command: string;
  /** Run before each counted run, not counted. */
  readonly prepare?: string;
}

/** Medians in seconds, in the order of the candidates. */
export async function medians(
  candidates: readonly Candidate[],
  options: { readonly runs: number; readonly warmup?: number; readonly env?: Record<string, string> },
): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mailversand-bench-'));
  const results = join(folder, 'results.json');
  try {
    await execa(
      'hyperfine',
      [
        '--style=none',
        `--runs=${String(options.runs)}`,
        `--warmup=${String(options.warmup ?? 1)}`,
        `--export-json=${results}`,
        // One `--prepare` for each command, or none at all: that is the program's rule.
        ...(candidates.some(({ prepare }) => prepare)
          ? candidates.map(({ prepare }) => `--prepare=${prepare ?? 'true'}`)
          : []),
        ...candidates.map(({ command }) => command),
      ],
      { env: options.env ?? {}, stdout: 'ignore' },
    );
    const parsed = JSON.parse(readFileSync(results, 'utf8')) as { results: { median: number }[] };
    return parsed.results.map(({ median }) => median);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
