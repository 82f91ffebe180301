import type { Municipality, Settling, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { RuleId } from '../config/problem.js';
import { evidenceOf } from './evidence.js';
import { firstRouted, isKeptServer, isKeptStage, lengthOf, type KeptStage } from './kept.js';
import type { KeptEdit } from './kept-edit.js';
import { lastStage, missingOf, stageOf, type EnteredStage } from './stages.js';
import { seconds, timestamp } from './timestamp.js';

/** A no, with what to do instead. */
export interface Refusal {
  refused: string;
  remedy: string;
  rule: RuleId;
}

export interface StageChange {
  /** The municipality as its file says it afterwards. */
  after: Municipality;
  /** The same as an edit of the file (stage-writer.ts). */
  edit: KeptEdit;
  /** Forwards: facts that the gate will ask for and that the file does not have yet. */
  missing: string[];
}

/**
 * One edge. Backwards, what the left stage brought is kept for as long as someone may still use it; forwards,
 * what is kept of the entered stage is in force again and its entry goes, and a new time of settling begins.
 * Backwards that time runs on: what was refused because of the edge must not bounce because it is taken back.
 */
export function changeStage(m: Municipality, p: Platform, to: number, now: Date): StageChange | Refusal {
  if (!isStage(to)) {
    return refusal('stage-range', `${to} is not a stage`, 'stages are 0, 1, 2, 3 and 4');
  }
  if (to > lastStage(m.routing)) {
    return refusal(
      'stage-partial-routing',
      `${m.id} has partial routing (teilweise), which ends at stage 3`,
      'its outgoing mail and its MX stay as they are; `routing: vollstaendig` in its file would change that',
    );
  }
  if (to === m.stage) {
    return refusal('stage-unchanged', `${m.id} is at stage ${to} already`, 'nothing to write');
  }
  if (Math.abs(to - m.stage) > 1) {
    const next = m.stage + Math.sign(to - m.stage);
    return refusal(
      'stage-one-step',
      `from stage ${m.stage} to stage ${to} is more than one step`,
      `one edge at a time: npx mailversand stage ${m.id} ${next}, deploy, then the next`,
    );
  }
  const settling = to > m.stage && to >= firstRouted ? { settling: settlingFrom(now, p) } : {};
  const carries = carriedTo(m, to);
  const moved = withStage(m, to, carries);
  const edit = {
    stage: to,
    ...(carries.length > 0 && { carries }),
    drop: inForce(moved, Math.max(to, m.stage)),
    add: to < m.stage ? keep(m, p, now) : [],
    ...settling,
  };
  const kept = [...m.kept.filter((entry) => !edit.drop.includes(entry)), ...edit.add];
  return {
    after: { ...moved, kept, ...settling },
    edit,
    missing: to > m.stage ? missingOf(evidenceOf(moved)) : [],
  };
}

export const isRefusal = (result: object | string): result is Refusal =>
  typeof result === 'object' && 'refused' in result;

/** The municipality after the next edge forwards; undefined where its routing ends. */
export const nextStage = (m: Municipality): Municipality | undefined => {
  const to = (m.stage + 1) as StageNumber;
  if (to > lastStage(m.routing)) return undefined;
  const moved = withStage(m, to, carriedTo(m, to));
  return { ...moved, kept: m.kept.filter((entry) => !inForce(moved, to).includes(entry)) };
};

/**
 * Domains whose own stage goes on with the municipality's: those that have come as far as it, where none would stand
 * at `to` without them. Otherwise each goes by itself.
 */
function carriedTo({ stage: from, domains }: Municipality, to: StageNumber): string[] {
  if (domains.some(({ stage }) => stage === undefined || stage >= to)) return [];
  return domains.filter(({ stage }) => stage === from).map(({ name }) => name);
}

const withStage = (m: Municipality, stage: StageNumber, carries: readonly string[]): Municipality => ({
  ...m,
  stage,
  domains: m.domains.map((domain) => (carries.includes(domain.name) ? { ...domain, stage } : domain)),
});

/** The time in which nothing bounces that the municipality's servers refuse, from now on. */
export const settlingFrom = (now: Date, { settlingTime }: Platform): Settling => ({
  since: timestamp(seconds(now)),
  until: timestamp(seconds(now) + settlingTime),
});

const isStage = (n: number): n is StageNumber => [0, 1, 2, 3, 4].includes(n);

const refusal = (rule: RuleId, refused: string, remedy: string): Refusal => ({ refused, remedy, rule });

/** Entries about stages up to `stage`: the municipality stands there, or stood there until this edge. */
const inForce = (m: Municipality, stage: number): Municipality['kept'] =>
  m.kept.filter((entry) => isKeptStage(entry) && entry.stage <= Math.min(stage, ownStage(m, entry)));

/** An entry about one domain is in force again only if that domain goes so far. */
function ownStage(m: Municipality, { domain }: KeptStage): number {
  if (domain === undefined) return Infinity;
  return m.domains.find(({ name }) => name === domain)?.stage ?? Infinity;
}

/**
 * The entry for the stage that is left. It ends no sooner than what depends on it: the route outlives the
 * acceptances. The relay stays in SPF (kept with stage 3) until its own queue is empty of what the
 * municipality sent while it still was a client (kept with stage 4). A replaced server that is still kept sends by what
 * stage 4 brought. Stage 1 alone is used by nobody.
 */
function keep(m: Municipality, p: Platform, now: Date): KeptStage[] {
  const left = stageOf(m.stage as EnteredStage);
  const entries = m.kept.filter(isKeptStage);
  const above = entries.filter(({ stage, domain }) => stage > m.stage && !domain);
  const ofDomains = entries.filter(({ stage, domain }) => stage === m.stage && domain !== undefined);
  if (left.number === 1 && above.length === 0 && ofDomains.length === 0) return [];
  const afterwards = left.number === 3 ? p.senderQueueLifetime : 0;
  const sending = left.number === 4 ? m.kept.filter(isKeptServer) : [];
  const since = seconds(now);
  const until = Math.max(
    since + Math.max(left.keepFor(m, p), ...sending.map(lengthOf)),
    ...above.map((entry) => seconds(new Date(entry.until)) + afterwards),
    // What it shares with a domain that left before is held by the entry that ends last: by its own.
    ...ofDomains.map((entry) => seconds(new Date(entry.until)) + 1),
  );
  return [{ stage: left.number, since: timestamp(since), until: timestamp(until) }];
}
