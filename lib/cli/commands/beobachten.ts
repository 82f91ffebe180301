import { setTimeout as pause } from 'node:timers/promises';
import { mxMoves } from '../../migration/moves.js';
import { possibleLocks } from '../../migration/relay-lock.js';
import { liveElements } from '../../provider/live.js';
import { RefusedError, UnreachableError } from '../../provider/element.js';
import type { Evidence } from '../../provider/resources/cutover/cutover.js';
import { parseMove, type Move } from '../../provider/resources/cutover/move.js';
import { observeAndRecord, recordedIn } from '../../provider/resources/cutover/recorded.js';
import { spfNotAged } from '../../provider/resources/cutover/spf.js';
import { mxNotAged } from '../../provider/resources/cutover/ttl-aged.js';
import { findingText } from '../../provider/resources/gate-rule.js';
import { readReached } from '../../provider/resources/reached.js';
import { askLocks, type Locks } from '../../provider/resources/relay-lock.js';
import { recordedSilence, recordSilence, watched, type Silent } from '../../provider/resources/silence.js';
import type { Command } from '../commands.js';
import { atDesk } from '../desk.js';
import { secondsOf } from '../duration.js';
import { evidenceTable, locksText, silenceText, waitsText } from '../evidence-text.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { openAll } from '../far-ends.js';
import { loadMunicipality, requireHostKeys, type Loaded } from '../files.js';
import { withMunicipality } from '../municipality-argument.js';
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
    withMunicipality(yargs)
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
    const patience = wait === undefined ? 0 : secondsOf(wait, '--wait') * 1000;
    requireHostKeys(io, project, { stack: loaded.municipality.id, platform: loaded.platform });
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
      const locks = locksText(loaded.municipality.id, await observer.askLocks());
      io.out(`${evidenceTable(seen.recorded)}\n${silenceText(seen.silent)}${locks}${waitsText(seen.waits)}`);
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
  /** Since when nothing has come by what is only kept. */
  silent: Silent[];
  /** Why the MX may not move yet, as far as caches are concerned. */
  waits: string[];
}

interface Observer {
  look(): Promise<Seen>;
  /** What the relay holds back of domains that nothing routes any more. */
  askLocks(): Promise<Locks>;
  close(): Promise<void>;
}

function openObserver({ municipality, platform }: Loaded): Observer {
  const farEnds = openAll(platform);
  // At every stage, also of a domain that joins: evidence from before the first stage is worth most.
  const stage = municipality.stage === 0 ? 1 : municipality.stage;
  const domains = municipality.domains.map((domain) => ({ ...domain, stage: undefined }));
  const moves = mxMoves({ ...municipality, stage, domains }, platform)
    .map(parseMove)
    .map(towardsRelay);
  return {
    look: async () => {
      const observations = await observeAndRecord(municipality.ags, moves, farEnds);
      const reached = await readReached(farEnds, municipality.id);
      await recordSilence(municipality.id, municipality.ags, reached, farEnds);
      const paths = watched(reached);
      const register = await liveElements(farEnds.targets({ kind: 'register' }));
      const all = moves.map((move) => ({
        move,
        observations: observations.filter(({ domain }) => domain === move.domain),
        recorded: recordedIn(register, move.domain),
        now: new Date(),
      }));
      return {
        recorded: all.flatMap(({ recorded }) => recorded),
        silent: recordedSilence(register, municipality.id).filter(({ id }) => paths.includes(id)),
        waits: all.flatMap((evidence) => [
          ...mxNotAged(evidence).map((found) => `MX of ${evidence.move.domain}: ${findingText(found)}`),
          ...spfNotAged(evidence).map((found) => `SPF of ${evidence.move.domain}: ${findingText(found)}`),
        ]),
      };
    },
    askLocks: () => askLocks(possibleLocks(municipality, platform), farEnds),
    close: () => farEnds.close(),
  };
}

/** The move that is waited for, whatever the file says today. */
const towardsRelay = (move: Move): Move =>
  move.towards === 'relay' ? move : { ...move, towards: 'relay', to: move.from, from: move.to };

const farEnd = (error: Error): Failure =>
  new Failure({
    what: error.message,
    remedy: 'nothing was recorded; once that is put right, run the same command again',
    rule: error instanceof UnreachableError ? 'unreachable' : 'far-end-refused',
    exit: error instanceof UnreachableError ? ExitCode.unreachable : ExitCode.failed,
  });
