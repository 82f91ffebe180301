import type { Domain, Kept, Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { spfListsRelay } from './dns.js';
import { municipalityFor } from './domains.js';
import { isKeptStage, standsOrKept, type KeptStage } from './kept.js';
import type { KeptEdit } from './kept-edit.js';
import { notWithdrawn } from './ndb.js';
import { seconds, timestamp } from './timestamp.js';

export interface KeptReview {
  /** The municipality's file without the entries that may go. */
  after: Municipality;
  edit: KeptEdit;
  /** May go now, and since how many seconds. */
  due: { kept: Kept; overdue: number }[];
  /** Must stay: at least until then, and why. */
  staying: { kept: Kept; until: string; why: string }[];
}

/**
 * What may be taken away at `now` by the file alone. The gate looks again by the register's clock, which may
 * have started later, and the provider by what queues and authoritative servers show.
 */
export function dropKept(file: Municipality, p: Platform, now: Date): KeptReview {
  const m = { ...file, kept: spfOutlivesSenders(file, p, now) };
  const reviewed = m.kept.map((kept) => ({ kept, end: endOf(kept, m), why: reasonToStay(kept, m, now) }));
  const after = {
    ...m,
    kept: reviewed.filter(({ why }) => why !== undefined).map(({ kept }) => kept),
  };
  return {
    after,
    edit: {
      drop: file.kept.filter((kept) => !after.kept.includes(kept)),
      add: after.kept.filter((kept) => !file.kept.includes(kept)),
    },
    due: reviewed.flatMap(({ kept, end, why }) =>
      why === undefined ? [{ kept, overdue: seconds(now) - end }] : [],
    ),
    staying: reviewed.flatMap(({ kept, end, why }) =>
      why === undefined ? [] : [{ kept, until: timestamp(end), why }],
    ),
  };
}

/**
 * The relay leaves a domain's SPF only when its queue is empty of what was sent under that domain: a queue lifetime
 * after the permission goes (with stage 4), however late that is deployed: the time of what would end soon after
 * counts from now, be it kept of the domain or of its municipality. What carries SPF's stage stays as long.
 */
function spfOutlivesSenders(m: Municipality, p: Platform, now: Date): Kept[] {
  const lifetime = p.senderQueueLifetime;
  const end = seconds(now) + lifetime;
  // So late may the deploy be that waits until nobody sends.
  const soonAfter = end + Math.max(lifetime, p.silenceTime);
  const silenced = losesPermission(m, now).filter(({ spf }) => spf !== undefined);
  // Deployed within the second in which it was written, an entry would stay as recorded, and its time runs already.
  const anew = (kept: Kept): number => untilOf(kept) + (kept.since === timestamp(seconds(now)) ? 1 : 0);
  return m.kept.map((kept) =>
    isKeptStage(kept) &&
    kept.stage < 4 &&
    untilOf(kept) < soonAfter &&
    silenced.some((domain) => carries(kept, domain))
      ? { ...kept, since: timestamp(seconds(now)), until: timestamp(Math.max(end, anew(kept))) }
      : kept,
  );
}

/** Domains under which nobody may send any more, once what is over of stage 4 has gone. */
function losesPermission(m: Municipality, now: Date): Domain[] {
  const isOver = (kept: Kept): boolean =>
    isKeptStage(kept) && kept.stage === 4 && untilOf(kept) <= seconds(now);
  const left = { ...m, kept: m.kept.filter((kept) => !isOver(kept)) };
  const maySend = (one: Municipality, domain: Domain): boolean =>
    standsOrKept(municipalityFor(one, domain), 4);
  return m.domains.filter((domain) => maySend(m, domain) && !maySend(left, domain));
}

function reasonToStay(kept: Kept, m: Municipality, now: Date): string | undefined {
  if (endOf(kept, m) > seconds(now)) return 'may still be used';
  if (!isKeptStage(kept)) return undefined;
  const one = concerned(kept, m);
  const reported = kept.stage === 3 ? notWithdrawn(one) : [];
  if (reported.length > 0) {
    const days = reported.map((name) => `domains[${name}].ndb.withdrawnOn`);
    return `the NdB has not confirmed the withdrawal; then write ${days.join(', ')}`;
  }
  return spfFirst(one) && !spfListsRelay({ ...one, kept: [kept] })
    ? 'a deploy of its own writes the relay out of SPF first'
    : undefined;
}

/** What a kept stage needs stays with it: a route is not gone before the acceptance that leads to it. */
const endOf = (kept: Kept, m: Municipality): number =>
  Math.max(
    ...[kept, ...(isKeptStage(kept) ? beside(kept, m).filter((other) => other.stage > kept.stage) : [])].map(
      untilOf,
    ),
  );

const untilOf = ({ until }: Kept): number => seconds(new Date(until));

/** Entries about the same, the whole municipality or one domain, and those of domains that this one carries. */
const beside = (kept: KeptStage, m: Municipality): KeptStage[] => {
  const carried = m.domains.filter((domain) => carries(kept, domain)).map(({ name }) => name);
  return m.kept
    .filter(isKeptStage)
    .filter(({ domain }) => domain === kept.domain || (domain !== undefined && carried.includes(domain)));
};

/** Whether a domain rests on an entry: its own, or one of its municipality, with which it went so far. */
const carries = ({ stage, domain }: KeptStage, { name, stage: own = stage }: Domain): boolean =>
  domain === undefined ? stage <= own : domain === name;

/** What an entry is about: the municipality as it is for its domain, or without what is kept of domains apart from it. */
function concerned(kept: KeptStage, m: Municipality): Municipality {
  const domain = m.domains.find(({ name }) => name === kept.domain);
  return domain ? municipalityFor(m, domain) : { ...m, kept: beside(kept, m) };
}

/**
 * At stage 0 the record sets are declared only while something is kept, and then released as they are: one
 * deploy has to see them without the relay.
 */
const spfFirst = (m: Municipality): boolean => m.stage === 0 && spfListsRelay(m) && hasSpf(m);

const hasSpf = ({ domains }: Municipality): boolean => domains.some(({ spf }) => spf !== undefined);
