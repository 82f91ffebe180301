import { setTimeout as pause } from 'node:timers/promises';
import { duration, toSeconds } from '../../config/fields/time.js';
import { mxMoves } from '../../migration/moves.js';
import { liveElements } from '../../provider/live.js';
import { unnamedVantagePoint } from '../../provider/provider-config.js';
import { RefusedError, UnreachableError } from '../../provider/element.js';
import type { Evidence } from '../../provider/resources/cutover/cutover.js';
import { parseMove, type Move } from '../../provider/resources/cutover/move.js';
import { observeAndRecord, recordedIn } from '../../provider/resources/cutover/recorded.js';
import { spfNotAged } from '../../provider/resources/cutover/spf.js';
import { mxNotAged } from '../../provider/resources/cutover/ttl-aged.js';
import { openVantage } from '../../provider/targets/vantage.js';
import type { Command } from '../commands.js';
import { atDesk } from '../desk.js';
import { evidenceTable, waitsText } from '../evidence-text.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { openPlatform } from '../far-ends.js';
import { loadMunicipality, type Loaded } from '../files.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';

interface ObserveArguments {
  municipality: string;
  wait?: string;
}

/** Between two looks while waiting, milliseconds: who waits for a day need not be asked about every second. */
export const untilNextLook = (remaining: number): number =>
  Math.min(remaining, Math.max(1000, Math.min(60_000, remaining / 20)));

export const beobachten: Command<ObserveArguments> = {
  arguments: (yargs) =>
    yargs
      .positional('municipality', {
        type: 'string',
        demandOption: true,
        describe: 'Name of its file without .yaml',
      })
      .option('wait', {
        type: 'string',
        describe: 'Wait at most so long until the old TTLs have gone by, e.g. 90s, 30m, 1d',
      })
      .example('npx mailversand beobachten musterstadt', 'record what every name server shows now')
      .example(
        'npx mailversand beobachten musterstadt --wait 2h',
        'until the MX may move; Ctrl-C and start again as you like, the clocks are in the register',
      ),
  run: async ({ municipality: typed, wait }, io) => {
    const project = findProject(io.cwd, io.env);
    const loaded = loadMunicipality(io, project, knownName(typed, project));
    const patience = wait === undefined ? 0 : secondsOf(wait) * 1000;
    const elsewhere = await atDesk(io);
    if (elsewhere !== undefined) return elsewhere;
    const observer = openObserver(loaded);
    try {
      const until = Date.now() + patience;
      let seen = await observer.look();
      if (patience > 0 && seen.waits.length > 0) {
        seen = await io.step('Waiting until the old TTLs have gone by', async (say) => {
          let now = seen;
          for (let shown = ''; now.waits.length > 0 && Date.now() < until; now = await observer.look()) {
            if (shown !== waitsText(now.waits)) io.note((shown = waitsText(now.waits)));
            say(now.waits[0] ?? '');
            await pause(untilNextLook(until - Date.now()));
          }
          return now;
        });
      }
      io.out(`${evidenceTable(seen.recorded)}\n${waitsText(seen.waits)}`);
      return patience > 0 && seen.waits.length > 0 ? ExitCode.refused : ExitCode.done;
    } catch (error) {
      throw error instanceof UnreachableError || error instanceof RefusedError ? farEnd(error) : error;
    } finally {
      await observer.close();
    }
  },
};

interface Seen {
  recorded: Evidence['recorded'];
  /** Why the MX may not move yet, as far as caches are concerned. */
  waits: string[];
}

function openObserver({ municipality, platform }: Loaded): { look(): Promise<Seen>; close(): Promise<void> } {
  const targets = openPlatform(platform);
  const vantage = openVantage({ ...unnamedVantagePoint, ...platform.vantagePoint });
  // At every stage, also of a domain that joins: evidence from before the first stage is worth most.
  const stage = municipality.stage === 0 ? 1 : municipality.stage;
  const domains = municipality.domains.map((domain) => ({ ...domain, stage: undefined }));
  const moves = mxMoves({ ...municipality, stage, domains }, platform)
    .map(parseMove)
    .map(towardsRelay);
  return {
    look: async () => {
      const observations = await observeAndRecord(municipality.ags, moves, { targets, vantage });
      const register = await liveElements(targets({ kind: 'register' }));
      const all = moves.map((move) => ({
        move,
        observations: observations.filter(({ domain }) => domain === move.domain),
        recorded: recordedIn(register, move.domain),
        now: new Date(),
      }));
      return {
        recorded: all.flatMap(({ recorded }) => recorded),
        waits: all.flatMap((evidence) => [
          ...mxNotAged(evidence).map((line) => `MX of ${evidence.move.domain}: ${line}`),
          ...spfNotAged(evidence).map((line) => `SPF of ${evidence.move.domain}: ${line}`),
        ]),
      };
    },
    close: () => targets.close(),
  };
}

/** The move that is waited for, whatever the file says today. */
const towardsRelay = (move: Move): Move =>
  move.towards === 'relay' ? move : { ...move, towards: 'relay', to: move.from, from: move.to };

function secondsOf(typed: string): number {
  if (duration.safeParse(typed).success) return toSeconds(typed);
  throw new Failure({
    what: `${JSON.stringify(typed)} is not a length of time`,
    remedy: 'write a number followed by s, m, h or d, like 90s or 2h',
    rule: 'duration',
    exit: ExitCode.badInput,
  });
}

const farEnd = (error: Error): Failure =>
  new Failure({
    what: error.message,
    remedy: 'nothing was recorded; once that is put right, run the same command again',
    rule: error instanceof UnreachableError ? 'unreachable' : 'far-end-refused',
    exit: error instanceof UnreachableError ? ExitCode.unreachable : ExitCode.failed,
  });
