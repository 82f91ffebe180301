import type { Kept, Settling, StageNumber } from '../config/municipality.js';

/** What changes in a municipality's file; everything else in it stays. */
export interface KeptEdit {
  /** undefined: the stage stays. */
  stage?: StageNumber;
  /** Domains whose own stage becomes that, too. */
  carries?: readonly string[];
  /** Entries of `kept` that go. */
  drop: Kept[];
  /** Entries of `kept` that come. */
  add: Kept[];
  /** The time that begins; null: it is over. undefined: the entry stays. */
  settling?: Settling | null;
}
