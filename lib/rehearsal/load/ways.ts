import type { Routing, StageNumber } from '../../config/municipality.js';
import { expectedWay, pathNames, relayThenNat, type PathName } from '../paths.js';
import { toNeighbour, type LoadPath } from './ledger.js';

interface Period {
  way: string;
  /** Milliseconds since 1970. */
  from: number;
  /** undefined: still allowed. */
  until?: number;
}

/**
 * Which ways a path may take at which time. During an edge those of both stages; afterwards the old one for as long
 * as senders may still hold what they looked up before.
 */
export class WaysInTime {
  private readonly periods = new Map<PathName, Period[]>();

  constructor(
    private readonly routing: Routing,
    private stage: StageNumber,
    at: number,
  ) {
    for (const path of pathNames) {
      this.periods.set(path, [{ way: expectedWay(path, stage, routing), from: at }]);
    }
  }

  /** An edge begins: from now on the ways of its stage are allowed too. */
  begin(stage: StageNumber, at: number): void {
    this.stage = stage;
    for (const [path, periods] of this.periods) {
      const way = expectedWay(path, stage, this.routing);
      const open = periods.find((period) => period.way === way && period.until === undefined);
      if (!open) periods.push({ way, from: at });
    }
  }

  /** From this time on only the ways of the stage last begun are allowed. */
  end(at: number): void {
    for (const [path, periods] of this.periods) {
      const way = expectedWay(path, this.stage, this.routing);
      for (const period of periods) if (period.way !== way) period.until ??= at;
    }
  }

  /** Whether a way was allowed at any time between two, in milliseconds: a mail may have waited in a queue. */
  allowed(path: LoadPath, way: string, from: number, to: number): boolean {
    if (path === toNeighbour) return way === relayThenNat;
    return (this.periods.get(path) ?? []).some(
      (period) => period.way === way && period.from <= to && from <= (period.until ?? Infinity),
    );
  }
}
