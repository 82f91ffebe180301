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
        return againstByHand(`synthesis of ${String(size)}`, folder, env, size > 500 ? 5 : 10);
      }),
    );
  }
  return figures;
}

/** One municipality out of all of Germany: against the same JSON by hand, and against one that is alone. */
export async function oneOfMany(): Promise<Figure[]> {
  const what = `synthesis of one of ${String(GERMANY)}`;
  const time = (size: number): Promise<Figure> =>
    inFolder((folder) => {
      const env = {
        ...writeFleet(folder, size),
        ...outside(folder),
        MAILVERSAND_ONLY: municipalityId(0),
        CDKTF_OUTDIR: join(folder, 'out'),
      };
      return againstByHand(what, folder, env, 10);
    });
  const alone = await time(1);
  const ofMany = await time(GERMANY);
  return [ofMany, { ...ofMany, baseline: 'of one of one', baselineSeconds: alone.seconds, goal: 1.2 }];
}

/** Both read their input from files and write the same files; by hand it is the finished JSON that is read. */
async function againstByHand(
  what: string,
  folder: string,
  env: Record<string, string> & { CDKTF_OUTDIR: string },
  runs: number,
): Promise<Figure> {
  await execa({ env })`${APP.split(' ')}`;
  const bundle = join(folder, 'bundle.json');
  writeFileSync(bundle, JSON.stringify(synthesised(env.CDKTF_OUTDIR)));
  const [seconds = NaN, baselineSeconds = NaN] = await medians(
    [
      { name: 'synthesis', command: APP },
      { name: 'by hand', command: `${BY_HAND} ${bundle} ${join(folder, 'by-hand')}` },
    ],
    { runs, env },
  );
  return { what, seconds, baseline: 'same JSON by hand', baselineSeconds };
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
