import { rm } from 'node:fs/promises';
import { lastStage } from '../../migration/stages.js';
import type { StageNumber } from '../../config/municipality.js';
import { RehearsalError } from '../../rehearsal/error.js';
import { findRehearsals } from '../../rehearsal/leftovers.js';
import { rehearse as takeThrough } from '../../rehearsal/rehearse.js';
import { requireMachine } from '../../rehearsal/requirements.js';
import { fullLoad } from '../../rehearsal/load/load.js';
import { endProcess } from '../../rehearsal/world.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality } from '../files.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';
import { prepareDeploy, preparePrograms } from '../setup/prepare.js';

interface RehearseArguments {
  municipality: string;
  to?: number;
  keep: boolean;
  load?: string;
  faults?: string;
}

export const rehearse: Command<RehearseArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .option('to', {
        type: 'number',
        choices: [0, 1, 2, 3, 4],
        describe: 'Stop after this stage, without the way back',
      })
      .option('keep', {
        type: 'boolean',
        default: false,
        describe: 'Leave it running, to look around in',
      })
      .option('load', {
        type: 'string',
        describe: 'Send mail on all paths all the time, so many a second (50), and account for each',
      })
      .option('faults', {
        type: 'string',
        implies: 'load',
        describe:
          'Kill every deploy, cut off gateway and name server for so many seconds (60), restart the servers',
      })
      .example('npx mailversand rehearse musterstadt', 'all eight edges, with real mail after each')
      .example('npx mailversand rehearse musterstadt --to 2 --keep', 'leave a small Landesnetz at stage 2')
      .example(
        'npx mailversand rehearse musterstadt --load',
        'the same under load: what each edge does to mail',
      )
      .example('npx mailversand rehearse musterstadt --load=20', 'with 20 mails a second')
      .example('npx mailversand rehearse musterstadt --load --faults', 'while everything breaks that may'),
  run: async ({ municipality, to, keep, ...typed }, io) => {
    const load = numberBehind('--load', typed.load, 50, 1000, 'mails a second');
    const faults = numberBehind('--faults', typed.faults, 60, 600, 'seconds');
    const project = findProject(io.cwd, io.env);
    const id = knownName(municipality, project);
    const { routing } = loadMunicipality(io, project, id).municipality;
    if (to !== undefined && to > lastStage(routing)) throw beyondRouting(id, to);
    const off = stopOnSignals();
    try {
      await preparePrograms(io, { load: load !== undefined });
      requireMachine();
      const { engine } = await prepareDeploy(io, project);
      const { passed } = await takeThrough({
        municipality: id,
        to: to as StageNumber | undefined,
        keep,
        ...(load === undefined ? {} : { load: fullLoad(load, faults) }),
        report: io,
        root: project.root,
        municipalitiesDir: project.municipalities,
        platformFile: project.platform,
        engine: engine.path,
      });
      return passed ? ExitCode.done : ExitCode.failed;
    } catch (error) {
      throw error instanceof RehearsalError ? stopped(error) : error;
    } finally {
      off();
    }
  },
};

/** The number behind an option; the usual one where the option stands alone, undefined without the option. */
function numberBehind(
  option: string,
  typed: string | undefined,
  usual: number,
  highest: number,
  unit: string,
): number | undefined {
  if (typed === undefined) return undefined;
  const value = typed === '' ? usual : Number(typed);
  if (value > 0 && value <= highest) return value;
  throw new Failure({
    what: `${option} ${JSON.stringify(typed)} is no number of ${unit}`,
    remedy: `${option} alone means ${usual} ${unit}; ${option}=N takes more than 0, up to ${highest}`,
    rule: 'rehearse-number',
    exit: ExitCode.badInput,
  });
}

/** Ctrl-C and a polite kill take the rehearsal down; after any other end the next start cleans up. */
function stopOnSignals(): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (): void => void removeOwn().finally(() => process.exit(ExitCode.failed));
  for (const signal of signals) process.once(signal, stop);
  return () => signals.forEach((signal) => process.off(signal, stop));
}

async function removeOwn(): Promise<void> {
  const all = await findRehearsals();
  for (const { owner, runDir } of all.filter((found) => found.owner?.starter.pid === process.pid)) {
    if (owner?.init) await endProcess(owner.init);
    await rm(runDir, { recursive: true, force: true });
  }
}

const beyondRouting = (id: string, to: number): Failure =>
  new Failure({
    what: `${id} has partial routing (teilweise) and never comes to stage ${to}`,
    remedy: 'its last stage is 3',
    rule: 'stage-partial-routing',
    exit: ExitCode.badInput,
  });

const stopped = (error: RehearsalError): Failure =>
  new Failure({
    what: 'the rehearsal could not be done',
    details: error.message.split('\n'),
    remedy: 'once that is put right, start it again',
    rule: 'rehearsal',
  });
