import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { municipalityId, writeFleet } from './fleet.js';
import { medians } from './hyperfine.js';
import type { Figure } from './report.js';

const APP = 'node dist/stacks/main.js';
const BY_HAND = 'node dist/bench/write-json.js';
/** All of Germany (DOMAIN: about 10,800 Gemeinden). */
const GERMANY = 11_000;

/** Synthesis of whole fleets, each against the same JSON written by hand. */
export async function fleets(sizes: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) {
    figures.push(
      await inFolder(async (folder) => {
        const output = join(folder, 'out');
        const env = { ...writeFleet(folder, size), ...outside(folder), CDKTF_OUTDIR: output };
        await execa({ env })`${APP.split(' ')}`;
        const bundle = join(folder, 'bundle.json');
        writeFileSync(bundle, JSON.stringify(synthesised(output)));
        const [seconds = NaN, baselineSeconds = NaN] = await medians(
          [
            { name: 'synthesis', command: APP },
            { name: 'by hand', command: `${BY_HAND} ${bundle} ${join(folder, 'by-hand')}` },
          ],
          { runs: size > 500 ? 5 : 10, env },
        );
        return {
          what: `synthesis of ${String(size)}`,
          seconds,
          baseline: 'same JSON by hand',
          baselineSeconds,
        };
      }),
    );
  }
  return figures;
}

/** One municipality out of all of Germany, against one that is alone. */
export async function oneOfMany(): Promise<Figure> {
  const time = (size: number): Promise<number> =>
    inFolder(async (folder) => {
      const env = {
        ...writeFleet(folder, size),
        ...outside(folder),
        MAILVERSAND_ONLY: municipalityId(0),
        CDKTF_OUTDIR: join(folder, 'out'),
      };
      const [seconds = NaN] = await medians([{ name: 'synthesis', command: APP }], { runs: 10, env });
      return seconds;
    });
  const baselineSeconds = await time(1);
  const seconds = await time(GERMANY);
  return {
    what: `synthesis of one of ${String(GERMANY)}`,
    seconds,
    baseline: 'of one of one',
    baselineSeconds,
    goal: 1.2,
  };
}

const outside = (folder: string): Record<string, string> => ({
  MAILVERSAND_STATE_DIR: join(folder, 'state'),
});

const synthesised = (output: string): Record<string, unknown> =>
  Object.fromEntries(
    readdirSync(join(output, 'stacks')).map((name) => [
      name,
      JSON.parse(readFileSync(join(output, 'stacks', name, 'cdk.tf.json'), 'utf8')) as unknown,
    ]),
  );

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mailversand-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
