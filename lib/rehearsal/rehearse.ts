import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageNumber } from '../config/municipality.js';
import { packageRoot } from './files.js';
import { Journey, load, type JourneyProps } from './journey.js';
import { faultsText, FaultyTools } from './load/faults.js';
import { Load, neighbourStage, type LoadOptions } from './load/load.js';
import { neighbourFile, neighbourId } from './load/neighbour.js';
import { isFlawless, loadSummary, type EdgeLoad } from './load/report.js';
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
  /** Send mail on all paths all the time, and account for each. @default only one mail a path after each edge */
  load?: LoadOptions;
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
  /** Every cell was as expected, every plan empty, after the way back everything as before, no mail harmed. */
  passed: boolean;
  /** What became of the load. */
  load?: EdgeLoad[];
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
    const municipalities = [loaded.municipality];
    if (options.load?.deadNeighbourMs !== undefined && (options.to ?? neighbourStage) >= neighbourStage) {
      const text = neighbourFile(loaded.platform, loaded.municipality);
      await writeFile(join(folder, `${neighbourId}.yaml`), text);
      municipalities.push(load(neighbourId, folder, platformFile).municipality);
    }
    rehearsal = await report.step('Starting the Landesnetz on this machine', (say) =>
      startRehearsal({
        municipalities,
        platform: loaded.platform,
        platformFile,
        municipalitiesDir: folder,
        report: say,
        resolvers: options.load !== undefined,
        ...(options.engine === undefined ? {} : { engine: options.engine }),
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  try {
    const tools = await commandTools(rehearsal, root);
    const journey = { rehearsal, id: municipality, tools, report };
    const { load, ...seen }: Seen & { load?: EdgeLoad[] } = options.load
      ? await underLoad(journey, options.load, options.to)
      : await new Journey(journey).take(options.to);
    report.out(summary(seen, (Date.now() - began) / 1000));
    return {
      ...seen,
      passed: passed(seen) && (load ?? []).every(isFlawless),
      ...(load ? { load } : {}),
      ...(keep ? { kept: rehearsal.id } : {}),
    };
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

/** The journey while mail flows on all paths. */
async function underLoad(
  journey: JourneyProps & { rehearsal: Rehearsal },
  options: LoadOptions,
  to: StageNumber | undefined,
): Promise<Seen & { load: EdgeLoad[] }> {
  const { rehearsal, id, report, tools } = journey;
  const { outageMs } = options;
  if (rehearsal.layout.parties.some(({ name }) => name === neighbourId)) {
    const quiet: Reporter = { out: () => undefined, step: (_, work) => work(() => undefined) };
    const neighbour = new Journey({ rehearsal, id: neighbourId, tools, report: quiet });
    const stage = `Taking a neighbour (${neighbourId}) to stage ${neighbourStage}`;
    await report.step(stage, () => neighbour.take(neighbourStage));
  }
  const companion = new Load(rehearsal, rehearsal.municipality(id), options);
  try {
    const faulty = outageMs === undefined ? undefined : new FaultyTools(tools, rehearsal, id, outageMs);
    const seen = await new Journey({ ...journey, companion, tools: faulty ?? tools }).take(to);
    const load = await report.step('Waiting for the last mails', () => companion.finish());
    report.out(loadSummary(load));
    if (faulty) report.out(faultsText(faulty.counts));
    return { ...seen, load };
  } finally {
    await companion.stop();
  }
}
