import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { isAlarm, type HosterRow } from '../migration/hoster-sheet.js';
import type { HosterSheet } from '../migration/hoster-sheet-text.js';
import { mxMoves } from '../migration/moves.js';
import type { FarEnds } from '../provider/definition.js';
import { parseMove } from '../provider/resources/cutover/move.js';
import { gateMustAgree } from './hoster-gate.js';
import { mustBeReady } from './hoster-ready.js';
import { mustTakeBack } from './hoster-way-back.js';

/** What a sheet is asked about for. */
export interface Asking {
  municipality: Municipality;
  /** As the sheet has it: the same, or what it is after the edge back. */
  wanted: Municipality;
  platform: Platform;
  /** Before the edge back is written: then no answer of register or relay is needed, which may be away. */
  zurueck: boolean;
}

export type Answer = Pick<HosterSheet, 'back' | 'taken' | 'stuck'>;

/**
 * What the servers show, with what was asked about it before anything is instructed: at once, so that nobody waits for
 * a hoster whom the answer holds back; and again of what is not done after the wait, for it may have changed.
 */
export async function lookAndAsk<Answered>(
  look: () => Promise<HosterRow[]>,
  ask: (rows: HosterRow[]) => Promise<Answered>,
  wait?: (rows: HosterRow[]) => Promise<HosterRow[]>,
): Promise<{ rows: HosterRow[]; answer: Answered }> {
  const first = await look();
  const answer = await ask(first);
  if (wait === undefined) return { rows: first, answer };
  const rows = await wait(first);
  return { rows, answer: rows.every(({ state }) => state === 'done') ? answer : await ask(rows) };
}

/** Asks register and relay, the gate, and the servers to which an MX would go back. @throws Failure if one says no */
export async function askAbout(
  rows: readonly HosterRow[],
  { municipality: m, wanted, platform, zurueck }: Asking,
  farEnds: FarEnds,
): Promise<Answer & { warnings: string[] }> {
  if (rows.length === 0) return { back: [], taken: [], stuck: [], warnings: [] };
  const { back, leaving, taken } = zurueck
    ? { back: rows.map(({ record }) => record.domain), leaving: atRelay(m, platform), taken: [] }
    : await mustBeReady(m, rows, farEnds.targets);
  await gateMustAgree(rows, { municipality: m, platform });
  const told = mxDomains(rows.filter(({ record }) => back.includes(record.domain)));
  const early = mxDomains(rows.filter((row) => isAlarm(row, back)));
  const moves = mxMoves(wanted, platform).map(parseMove);
  const asked = await mustTakeBack(m, { back: told, early, leaving }, moves, farEnds);
  return { back: [...new Set(back)], taken, ...asked };
}

const mxDomains = (rows: readonly HosterRow[]): string[] =>
  rows.flatMap(({ record: { type, domain } }) => (type === 'MX' ? domain : []));

/** Domains whose MX points at the relay. */
export const atRelay = (m: Municipality, p: Platform): string[] =>
  mxMoves(m, p).flatMap(({ domain, towards }) => (towards === 'relay' ? domain : []));
