import type { Municipality } from '../config/municipality.js';
import { mxWaits } from './dns.js';
import type { KeptEdit } from './kept-edit.js';

/** Whether the time after the last edge is over, by the file alone; the gate looks again by the register's clock. */
export type Settled =
  | { due: true; edit: KeptEdit; after: Municipality }
  /** `until` is missing where it is not a matter of time. */
  | { due: false; until?: string; why: string };

/** What ends the time after the last edge forwards. undefined: none has begun. */
export function settled(m: Municipality, now: Date): Settled | undefined {
  const { settling, ...after } = m;
  if (settling === undefined) return undefined;
  if (mxWaits(m).length > 0) {
    return { due: false, why: 'the MX has not moved yet; it moves with outgoingTestPassedOn' };
  }
  if (Date.parse(settling.until) > now.getTime()) {
    return { due: false, until: settling.until, why: 'the edge is not that old' };
  }
  return { due: true, edit: { drop: [], add: [], settling: null }, after };
}
