import type { Kept, Municipality } from '../config/municipality.js';
import { spfListsRelay } from './dns.js';
import { isKeptStage } from './kept.js';
import type { KeptEdit } from './kept-edit.js';
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
export function dropKept(m: Municipality, now: Date): KeptReview {
  const reviewed = m.kept.map((kept) => ({ kept, end: endOf(kept, m), why: reasonToStay(kept, m, now) }));
  const drop = reviewed.filter(({ why }) => why === undefined).map(({ kept }) => kept);
  return {
    after: { ...m, kept: m.kept.filter((kept) => !drop.includes(kept)) },
    edit: { drop, add: [] },
    due: reviewed.flatMap(({ kept, end, why }) =>
      why === undefined ? [{ kept, overdue: seconds(now) - end }] : [],
    ),
    staying: reviewed.flatMap(({ kept, end, why }) =>
      why === undefined ? [] : [{ kept, until: timestamp(end), why }],
    ),
  };
}

function reasonToStay(kept: Kept, m: Municipality, now: Date): string | undefined {
  if (endOf(kept, m) > seconds(now)) return 'may still be used';
  return spfFirst(m) && isKeptStage(kept) && !spfListsRelay({ ...m, kept: [kept] })
    ? 'a deploy of its own writes the relay out of SPF first'
    : undefined;
}

/** What a kept stage needs stays with it: a route is not gone before the acceptance that leads to it. */
const endOf = (kept: Kept, m: Municipality): number =>
  Math.max(
    ...[
      kept,
      ...m.kept.filter((other) => isKeptStage(kept) && isKeptStage(other) && other.stage > kept.stage),
    ].map(({ until }) => seconds(new Date(until))),
  );

/**
 * At stage 0 the record sets are declared only while something is kept, and then released as they are: one
 * deploy has to see them without the relay.
 */
const spfFirst = (m: Municipality): boolean =>
  m.stage === 0 && spfListsRelay(m) && m.domains.some(({ spf }) => spf !== undefined);
