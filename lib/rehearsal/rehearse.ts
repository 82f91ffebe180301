import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageNumber } from '../config/municipality.js';
import { packageRoot } from './files.js';
import { Journey, load } from './journey.js';
import { startRehearsal } from './rehearsal.js';
import { howToLookAround, passed, summary, type Reporter, type Seen } from './report.js';
import { requireMachine } from './requirements.js';
import type { Rehearsal } from './running.js';
import { commandTools } from './tools.js';
import { atTheBeginning } from './working-copy.js';

export interface RehearseOptions {
  /** Name of its file without .yaml. */
  municipality: string;
  /** Stop after this stage, without the way back. @default forwards to the last stage and back to 0 */
  to?: StageNumber;
  /** Leave it running. @default false */
  keep?: boolean;
  report: Reporter;
  /** Folder of the project. @default the one of this package */
  root?: string;
  /** @default municipalities/ of the project */
  municipalitiesDir?: string;
  /** @default stacks/platforms/rehearsal.yaml of the project */
  platformFile?: string;
  /** Path of tofu or terraform. @default the first in PATH */
  engine?: string;
}

export interface RehearseResult extends Seen {
  /** Every cell was as expected, every plan empty, and after the way back everything as before. */
  passed: boolean;
  /** Of the rehearsal that was left running. */
  kept?: string;
}

/** Takes a municipality through all its stages and back on this machine, with real deploys and real mail. */
export async function rehearse(options: RehearseOptions): Promise<RehearseResult> {
  const { municipality, report, keep = false } = options;
  requireMachine();
  const began = Date.now();
  const root = options.root ?? packageRoot();
  const platformFile = options.platformFile ?? join(root, 'stacks/platforms/rehearsal.yaml');
  const folder = await mkdtemp(join(tmpdir(), 'mailversand-rehearse-'));
  let rehearsal: Rehearsal;
  try {
    const source = join(options.municipalitiesDir ?? join(root, 'municipalities'), `${municipality}.yaml`);
    await writeFile(join(folder, `${municipality}.yaml`), atTheBeginning(await readFile(source, 'utf8')));
    const loaded = load(municipality, folder, platformFile);
    rehearsal = await report.step('Starting the Landesnetz on this machine', (say) =>
      startRehearsal({
        municipalities: [loaded.municipality],
        platform: loaded.platform,
        platformFile,
        municipalitiesDir: folder,
        report: say,
        ...(options.engine === undefined ? {} : { engine: options.engine }),
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  try {
    const tools = await commandTools(rehearsal, root);
    const seen = await new Journey({ rehearsal, id: municipality, tools, report }).take(options.to);
    report.out(summary(seen, (Date.now() - began) / 1000));
    return { ...seen, passed: passed(seen), ...(keep ? { kept: rehearsal.id } : {}) };
  } finally {
    // Also after a failure: that is when people want to look around.
    if (keep) {
      await rehearsal.keep();
      report.out(howToLookAround(rehearsal, municipality));
    } else {
      await report.step('Taking it down', () => rehearsal.stop());
    }
  }
}
