import { isDeepStrictEqual } from 'node:util';
import type { Kept, Municipality, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { changes, type Changes } from './changes.js';
import { desiredState } from './desired-state.js';
import { dropKept } from './drop-kept.js';
import { isKeptStage, type KeptStage } from './kept.js';
import { changeStage, nextStage, type Refusal, type StageChange } from './stage-change.js';
import { seconds, timestamp } from './timestamp.js';
import { deedsOf, type Deed } from './way-back-deeds.js';

/** One deploy on the way back to stage 0. */
export interface WayBackStep {
  /** `edge`: one stage back. `finish`: an edge back that was begun already. `drop`: takes away what was kept. */
  kind: 'edge' | 'finish' | 'drop';
  /** The municipality as its file says it before and after. */
  before: Municipality;
  after: Municipality;
  /** Seconds that go by before it, at most. */
  wait: number;
  /**
   * Part of `wait`: the relay's queue may hold mail for that long, and the route does not go before it is empty.
   * 0 where no route goes.
   */
  queue: number;
  /**
   * Seconds that its deploy waits in addition, if mail came until the end by a way that goes: for so long it must be
   * silent. 0 where none goes that is listened to, or the queue takes as long to empty.
   */
  silence: number;
  /** Earliest time, RFC 3339 UTC, if every step before was taken as soon as it could be. */
  at: string;
  /** Entries of `kept` that it writes. */
  keeps: KeptStage[];
  /** Entries of `kept` that it takes out. */
  releases: Kept[];
  changes: Changes;
  /** What people do beside the deploy. */
  deeds: Deed[];
}

export interface WayBack {
  from: StageNumber;
  steps: WayBackStep[];
  /** Seconds that the whole way takes at most: the sum of the waits and silences. Deploys and people's work come on top. */
  seconds: number;
}

/**
 * The way back to stage 0 with nothing kept: every edge at once, because it never takes away what is in use, and
 * then what was kept, as soon as its time is over. Made by the functions that write the file, so the plan is what
 * will be done.
 * @param reached The stage that the register says, where an edge was begun and not finished
 */
export function wayBack(m: Municipality, p: Platform, now: Date, reached = m.stage): WayBack | Refusal {
  if (Math.abs(reached - m.stage) > 1) return tooFar(m, reached);
  const steps = [...finish(m, p, now, reached), ...edges(m, p, now)];
  return withDrops(steps, steps.at(-1)?.after ?? m, p, now, reached);
}

/** The way back after the next edge forwards, which exists before that edge is taken; undefined: it is the last. */
export function wayBackAfterNext(m: Municipality, p: Platform, now: Date): WayBack | undefined {
  const next = nextStage(m);
  return next && (wayBack(next, p, now) as WayBack);
}

const tooFar = (m: Municipality, reached: StageNumber): Refusal => ({
  refused: `the register says stage ${reached} of ${m.id}, its file says ${m.stage}: more than one edge`,
  remedy: `write \`stage: ${reached}\` into the file, then npx mailversand stage ${m.id} for the next edge`,
  rule: 'stage-one-step',
});

/** An edge back that the register does not have yet is finished by deploying the same file again. */
function finish(m: Municipality, p: Platform, now: Date, reached: StageNumber): WayBackStep[] {
  return reached > m.stage ? [step('finish', nextStage(m) as Municipality, m, p, now)] : [];
}

function edges(m: Municipality, p: Platform, now: Date): WayBackStep[] {
  if (m.stage === 0) return [];
  // One stage down is never refused.
  const { after } = changeStage(m, p, m.stage - 1, now) as StageChange;
  return [step('edge', m, after, p, now), ...edges(after, p, now)];
}

function withDrops(
  steps: WayBackStep[],
  last: Municipality,
  p: Platform,
  now: Date,
  from: StageNumber,
): WayBack {
  const drops: WayBackStep[] = [];
  let clock = now;
  // The NdB confirms while what it was told is still kept: that is a deed of the edge back.
  let here = withdrawnBy(last, clock);
  while (here.kept.length > 0) {
    const earliest = firstDrop(here, p, clock);
    const { after } = dropKept(here, p, earliest);
    const queue = losesRoute(here, after, p) ? p.senderQueueLifetime : 0;
    const done = new Date(earliest.getTime() + queue * 1000);
    // What becomes due while the queue empties goes in the same deploy.
    const whole = dropKept(here, p, done).after;
    const silence = losesListened(here, whole, p) ? Math.max(0, p.silenceTime - queue) : 0;
    drops.push({
      ...step('drop', here, whole, p, done),
      wait: seconds(done) - seconds(clock),
      queue,
      silence,
    });
    here = whole;
    clock = new Date(done.getTime() + silence * 1000);
  }
  return { from, steps: [...steps, ...drops], seconds: seconds(clock) - seconds(now) };
}

/** The first moment from which something may go. */
function firstDrop(m: Municipality, p: Platform, clock: Date): Date {
  const ends = m.kept.map(({ until }) => Math.max(Date.parse(until), clock.getTime())).sort((a, b) => a - b);
  const due = ends.find((end) => dropKept(m, p, new Date(end)).due.length > 0) as number;
  return new Date(due);
}

const withdrawnBy = (m: Municipality, day: Date): Municipality => ({
  ...m,
  domains: m.domains.map((domain) =>
    domain.ndb
      ? { ...domain, ndb: { ...domain.ndb, withdrawnOn: timestamp(seconds(day)).slice(0, 10) } }
      : domain,
  ),
});

/** Whether a way goes of which only silence tells that nobody uses it. */
const losesListened = (before: Municipality, after: Municipality, p: Platform): boolean =>
  changes(desiredState(before, p), desiredState(after, p)).removed.some(({ id }) =>
    /^relay_client:|^relay_acceptance:.*\/(internal|ndb)$/.test(id),
  );

const losesRoute = (before: Municipality, after: Municipality, p: Platform): boolean =>
  desiredState(before, p).relayRoutes.length > desiredState(after, p).relayRoutes.length;

function step(
  kind: WayBackStep['kind'],
  before: Municipality,
  after: Municipality,
  p: Platform,
  at: Date,
): WayBackStep {
  const [was, is] = [desiredState(before, p), desiredState(after, p)];
  return {
    kind,
    before,
    after,
    wait: 0,
    queue: 0,
    silence: 0,
    at: timestamp(seconds(at)),
    keeps: after.kept.filter(isKeptStage).filter((entry) => !before.kept.some(endsWith(entry))),
    releases: before.kept.filter((entry) => !after.kept.some(isAbout(entry))),
    changes: changes(was, is),
    deeds: deedsOf(was, is),
  };
}

/** Whether an entry is about the same, whatever its times. */
const isAbout =
  (entry: Kept) =>
  (other: Kept): boolean =>
    isDeepStrictEqual({ ...entry, since: '', until: '' }, { ...other, since: '', until: '' });

/** … and ends at the same time: counted anew, but kept no longer. */
const endsWith =
  (entry: Kept) =>
  (other: Kept): boolean =>
    isAbout(entry)(other) && other.until === entry.until;
