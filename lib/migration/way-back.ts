import { isDeepStrictEqual } from 'node:util';
import type { Domain, Kept, Municipality, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { changes, type Changes } from './changes.js';
import { desiredState } from './desired-state.js';
import { changeDomainStage, unknownDomain } from './domain-change.js';
import { mxWaits } from './dns.js';
import { stageOfDomain } from './domains.js';
import { dropKept } from './drop-kept.js';
import { isKeptStage, type KeptStage } from './kept.js';
import { notWithdrawn } from './ndb.js';
import { changeStage, isRefusal, nextStage, type Refusal, type StageChange } from './stage-change.js';
import { seconds, timestamp } from './timestamp.js';
import { deedsOf, silencedDomains, type Concerned, type Deed } from './way-back-deeds.js';

/** One deploy on the way back to stage 0. */
export interface WayBackStep {
  /** `edge`: one stage back. `finish`: an edge back that was begun already. `drop`: takes away what was kept. */
  kind: 'edge' | 'finish' | 'drop';
  /** The municipality as its file says it before and after. */
  before: Municipality;
  after: Municipality;
  /** The stages it leads from and to: of the municipality, or of the domain that goes back by itself. */
  from: StageNumber;
  to: StageNumber;
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
  /** Days for which its deploy is told to wait (`--wait`): a day more than a silence that begins when it does. */
  patience: number;
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
  /** The domain that goes back by itself; undefined: the whole municipality goes. */
  domain?: string;
  from: StageNumber;
  steps: WayBackStep[];
  /**
   * Seconds that the whole way takes at most, if nobody sends any more by what goes: the sum of the waits and silences.
   * Deploys and people's work come on top.
   */
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
  return withDrops(steps, steps.at(-1)?.after ?? m, p, now, { from: reached });
}

/** The same for one domain that leaves while the others stay: its edges, and then what was kept of it. */
export function wayBackOfDomain(m: Municipality, p: Platform, name: string, now: Date): WayBack | Refusal {
  if (!m.domains.some((domain) => domain.name === name)) return unknownDomain(m, name);
  const steps: WayBackStep[] = [];
  let here = m;
  for (let stage = stageIn(m, name); stage > 0; stage = stageIn(here, name)) {
    const change = changeDomainStage(here, p, name, stage - 1, now);
    // One edge down is refused only of the last domain where the municipality stands: its way back is the others' too.
    if (isRefusal(change)) return { ...change, remedy: `npx mailversand rueckweg ${m.id}` };
    steps.push(step('edge', here, change.after, p, now, { domain: name, unconfirmed: [] }));
    here = change.after;
  }
  return withDrops(steps, here, p, now, { from: stageIn(m, name), domain: name });
}

/** … and after its next edge forwards; refused where there is none: it goes no further than its municipality. */
export function domainWayBackAfterNext(
  m: Municipality,
  p: Platform,
  name: string,
  now: Date,
): WayBack | Refusal {
  const next = changeDomainStage(m, p, name, stageIn(m, name) + 1, now);
  return isRefusal(next)
    ? next
    : wayBackOfDomain(withMxMoved(reported(next.after, now), now, name), p, name, now);
}

/** The way back after the next edge forwards, which exists before that edge is taken; undefined: it is the last. */
export function wayBackAfterNext(m: Municipality, p: Platform, now: Date): WayBack | undefined {
  const next = nextStage(m);
  return next && (wayBack(withMxMoved(reported(next, now), now), p, now) as WayBack);
}

/**
 * The way back after the MX has moved, where it waits at stage 4 for the test of the outgoing path; undefined: none
 * does. Refused as `wayBackOfDomain` is.
 * @param only the domain that goes back by itself; undefined: all go
 */
export function wayBackAfterMx(
  m: Municipality,
  p: Platform,
  now: Date,
  only?: string,
): WayBack | Refusal | undefined {
  if (!mxWaits(m).some(isOnly(only))) return undefined;
  const moved = withMxMoved(m, now, only);
  return only === undefined ? wayBack(moved, p, now) : wayBackOfDomain(moved, p, only, now);
}

/** As the file says it when every MX that waits has moved: the last deploy of stage 4, whose way back counts most. */
function withMxMoved(m: Municipality, now: Date, only?: string): Municipality {
  const waiting = mxWaits(m).filter(isOnly(only));
  const outgoingTestPassedOn = dayOf(now);
  const isOwn = ({ stage }: Pick<Domain, 'stage'>): boolean => stage !== undefined;
  return {
    ...m,
    ...(!waiting.every(isOwn) && { outgoingTestPassedOn }),
    domains: m.domains.map((domain) =>
      isOwn(domain) && waiting.some(({ name }) => name === domain.name)
        ? { ...domain, outgoingTestPassedOn }
        : domain,
    ),
  };
}

const isOnly =
  (only?: string) =>
  ({ name }: Pick<Domain, 'name'>): boolean =>
    only === undefined || name === only;

/** By then every domain in the NdB has been reported: without that the gate refuses the edge. */
const reported = (m: Municipality, now: Date): Municipality => ({
  ...m,
  domains: m.domains.map((domain) =>
    stageOfDomain(m, domain) < 3 || (domain.ndb && domain.ndb.withdrawnOn === undefined)
      ? domain
      : { ...domain, ndb: { reference: 'folgt', reportedOn: dayOf(now) } },
  ),
});

const tooFar = (m: Municipality, reached: StageNumber): Refusal => ({
  refused: `the register says stage ${reached} of ${m.id}, its file says ${m.stage}: more than one edge`,
  remedy:
    reached > m.stage
      ? `go forward in the file again, up to stage ${reached - 1}: npx mailversand stage ${m.id} ${m.stage + 1}`
      : `write \`stage: ${reached}\` into the file, and under kept what stood there then`,
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
  whose: Pick<WayBack, 'from' | 'domain'>,
): WayBack {
  const { domain } = whose;
  const drops: WayBackStep[] = [];
  let clock = now;
  // The NdB confirms while what it was told is still kept: that is a deed of the edge back.
  const unconfirmed = notWithdrawn(last);
  let here = withdrawnBy(last, clock, domain);
  while (here.kept.some(goesWith(domain))) {
    const earliest = firstDrop(here, p, clock, domain);
    const { after } = dropKept(here, p, earliest);
    const queue = losesRoute(here, after, p) ? p.senderQueueLifetime : 0;
    const done = new Date(earliest.getTime() + queue * 1000);
    // What becomes due while the queue empties goes in the same deploy.
    const whole = dropKept(here, p, done).after;
    const silenceTime = losesListened(here, whole, p) ? p.silenceTime : 0;
    const silence = Math.max(0, silenceTime - queue);
    drops.push({
      ...step('drop', here, whole, p, done, { domain, unconfirmed }),
      wait: seconds(done) - seconds(clock),
      queue,
      silence,
      patience: Math.max(2, Math.ceil(silenceTime / day) + 1),
    });
    here = whole;
    clock = new Date(done.getTime() + silence * 1000);
  }
  return { ...whose, steps: [...steps, ...drops], seconds: seconds(clock) - seconds(now) };
}

/** The first moment from which something may go. */
function firstDrop(m: Municipality, p: Platform, clock: Date, domain?: string): Date {
  const goes = goesWith(domain);
  const ends = m.kept
    .filter(goes)
    .map(({ until }) => Math.max(Date.parse(until), clock.getTime()))
    .sort((a, b) => a - b);
  const due = ends.find((end) => dropKept(m, p, new Date(end)).due.some(({ kept }) => goes(kept))) as number;
  return new Date(due);
}

/** Whether an entry has to go before the way is at its end. */
const goesWith =
  (domain?: string) =>
  (kept: Kept): boolean =>
    domain === undefined || (isKeptStage(kept) && kept.domain === domain);

const withdrawnBy = (m: Municipality, day: Date, only?: string): Municipality => ({
  ...m,
  domains: m.domains.map((domain) =>
    domain.ndb && (only === undefined || only === domain.name)
      ? { ...domain, ndb: { ...domain.ndb, withdrawnOn: dayOf(day) } }
      : domain,
  ),
});

const day = 86_400;

const dayOf = (time: Date): string => timestamp(seconds(time)).slice(0, 10);

/** Whether a way goes of which only silence tells that nobody uses it (lib/provider/resources/silence.ts). */
function losesListened(before: Municipality, after: Municipality, p: Platform): boolean {
  const [was, is] = [desiredState(before, p), desiredState(after, p)];
  return (
    silencedDomains(was, is).length > 0 ||
    changes(was, is).removed.some(({ id }) => /^relay_client:|^relay_acceptance:.*\/(internal|ndb)$/.test(id))
  );
}

const losesRoute = (before: Municipality, after: Municipality, p: Platform): boolean =>
  desiredState(before, p).relayRoutes.length > desiredState(after, p).relayRoutes.length;

function step(
  kind: WayBackStep['kind'],
  before: Municipality,
  after: Municipality,
  p: Platform,
  at: Date,
  { domain, unconfirmed }: Concerned = { unconfirmed: [] },
): WayBackStep {
  const releases = before.kept.filter((entry) => !after.kept.some(isAbout(entry)));
  const [was, is] = [desiredState(before, p), desiredState(after, p)];
  const [from, to] = [stageIn(before, domain), stageIn(after, domain)];
  return {
    kind,
    before,
    after,
    from,
    to,
    wait: 0,
    queue: 0,
    silence: 0,
    patience: 0,
    at: timestamp(seconds(at)),
    keeps: after.kept.filter(isKeptStage).filter((entry) => !before.kept.some(endsWith(entry))),
    releases,
    changes: changes(was, is),
    deeds: deedsOf(
      { ...was, stage: from },
      { ...is, stage: to },
      { domain, unconfirmed: unconfirmed.filter((name) => releases.some(needsWithdrawalOf(name))) },
    ),
  };
}

/** Whether an entry stays until the NdB has confirmed that a domain is withdrawn, as in drop-kept.ts. */
const needsWithdrawalOf =
  (name: string) =>
  (kept: Kept): boolean =>
    isKeptStage(kept) && kept.stage === 3 && (kept.domain ?? name) === name;

/** Where the municipality stands, or one of its domains. */
const stageIn = (m: Municipality, name?: string): StageNumber =>
  stageOfDomain(m, m.domains.find((domain) => domain.name === name) ?? {});

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
