import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { isAlarm, type HosterRow } from '../migration/hoster-sheet.js';
import type { HosterSheet } from '../migration/hoster-sheet-text.js';
import { mxMoves } from '../migration/moves.js';
import type { FarEnds } from '../provider/definition.js';
import { parseMove } from '../provider/resources/cutover/move.js';
import { lookAtEach } from './gate-look.js';
import { heldByGate } from './hoster-gate.js';
import { domainsOf, notHeld, type Held } from './hoster-held.js';
import { whatIsReady, type Ready } from './hoster-ready.js';
import { heldBySpf } from './hoster-spf.js';
import { heldBySpfLimits } from './hoster-spf-limits.js';
import { mayTakeBack } from './hoster-way-back.js';

/** What a sheet is asked about for. */
export interface Asking {
  municipality: Municipality;
  /** As the sheet has it: the same, or what it is after the edge back. */
  wanted: Municipality;
  platform: Platform;
  /** Before the edge back is written: then no answer of register or relay is needed, which may be away. */
  zurueck: boolean;
}

export interface Answer extends Pick<HosterSheet, 'back' | 'atRelay' | 'stuck'> {
  /** Of these domains nothing, or not each record, is instructed. */
  held: Held[];
}

/**
 * What the servers show, with what was asked about it before anything is instructed: at once, so that nobody waits for
 * a hoster whom the answer holds back; and again of what is not done after the wait, for it may have changed.
 * @param wait resolves with the last look, or with what it was given where there is nothing to wait for
 */
export async function lookAndAsk<Answered>(
  look: () => Promise<HosterRow[]>,
  ask: (rows: HosterRow[]) => Promise<Answered>,
  wait?: (rows: HosterRow[], answer: Answered) => Promise<HosterRow[]>,
): Promise<{ rows: HosterRow[]; answer: Answered }> {
  const first = await look();
  const answer = await ask(first);
  if (wait === undefined) return { rows: first, answer };
  const rows = await wait(first, answer);
  const isAsked = rows === first || rows.every(({ state }) => state === 'done');
  return { rows, answer: isAsked ? answer : await ask(rows) };
}

/**
 * Asks register and relay, the gate, and the servers to which an MX would go back. Each may hold up some domains, or
 * one record of each, and the next is asked about the others.
 * @throws Failure where the register does not answer: then nothing is known of any
 */
export async function askAbout(
  rows: readonly HosterRow[],
  { municipality: m, wanted, platform, zurueck }: Asking,
  farEnds: FarEnds,
): Promise<Answer & { warnings: string[] }> {
  if (rows.length === 0) return { back: [], atRelay: {}, stuck: [], held: [], warnings: [] };
  const ready: Ready = zurueck
    ? { back: domainsOf(rows), leaving: atRelay(m, platform), atRelay: {}, held: [] }
    : await whatIsReady(m, rows, farEnds.targets);
  const { back, leaving } = ready;
  const deployed = notHeld(rows, ready.held);
  const gate = await heldByGate(m, deployed, (domains) =>
    lookAtEach({ municipality: m, platform }, domains, farEnds),
  );
  const allowed = notHeld(deployed, gate);
  const spf = await heldBySpf(wanted, allowed, farEnds.targets);
  const costly = await heldBySpfLimits(notHeld(allowed, spf), farEnds.vantage);
  const told = mxDomains(allowed.filter(({ record }) => back.includes(record.domain)));
  const early = mxDomains(allowed.filter((row) => isAlarm(row, back)));
  const moves = mxMoves(wanted, platform).map(parseMove);
  const asked = await mayTakeBack(m, { back: told, early, leaving }, moves, farEnds);
  return {
    ...asked,
    back,
    atRelay: ready.atRelay,
    held: [...ready.held, ...gate, ...spf, ...costly, ...asked.held],
  };
}

const mxDomains = (rows: readonly HosterRow[]): string[] =>
  rows.flatMap(({ record: { type, domain } }) => (type === 'MX' ? domain : []));

/** Domains whose MX points at the relay. */
export const atRelay = (m: Municipality, p: Platform): string[] =>
  mxMoves(m, p).flatMap(({ domain, towards }) => (towards === 'relay' ? domain : []));
