import type { PathName } from '../paths.js';

/** Mail to a neighbour on the same relay, whose line is cut to see what that does to others. */
export const toNeighbour = 'tenant → neighbour';
export type LoadPath = PathName | typeof toNeighbour;

/** What an edge was doing when a mail was handed over; only equal times are compared. */
export type Moment = 'rest' | 'edge' | 'between';

export interface Arrival {
  /** Milliseconds since 1970. */
  at: number;
  /** In the words of the table of stages. */
  way: string;
}

/** One mail of the load and all that became of it. Times are milliseconds since 1970. */
export interface Entry {
  /** Local part of its sender's and its recipient's address. */
  correlation: string;
  path: LoadPath;
  /** Just below its path's size limit. */
  large: boolean;
  /** Number of the edge to which it counts. */
  edge: number;
  moment: Moment;
  begun: number;
  /** The sender's own server took it. */
  accepted?: number;
  /** The connection to the sender's own server was cut after DATA: it was handed over once more. */
  repeated: boolean;
  arrivals: Arrival[];
  /** If it came twice: what in the logs explains that. */
  explained?: string;
  /** Times at which a non-delivery message about it came back. */
  bounces: number[];
}

/** The book of all mails: each is written down before it is sent. */
export class Ledger {
  readonly entries: Entry[] = [];
  private readonly byCorrelation = new Map<string, Entry>();

  /** @param prefix begins every correlation id, so that those of two books differ */
  constructor(private readonly prefix: string) {}

  open(what: Pick<Entry, 'path' | 'large' | 'edge' | 'moment'>, begun: number): Entry {
    const correlation = `${this.prefix}-${this.entries.length}`;
    const entry: Entry = { correlation, begun, repeated: false, arrivals: [], bounces: [], ...what };
    this.entries.push(entry);
    this.byCorrelation.set(correlation, entry);
    return entry;
  }

  find(correlation: string): Entry | undefined {
    return this.byCorrelation.get(correlation);
  }
}

/** Has neither arrived nor come back. */
export const isOnItsWay = ({ arrivals, bounces }: Entry): boolean =>
  arrivals.length === 0 && bounces.length === 0;

/** What became of some mails; lists name those of which there should be none. */
export interface Account {
  mails: number;
  delivered: number;
  /** Never arrived, and in no queue. */
  lost: Entry[];
  /** Still in a queue, or its sender's own server has not taken it. */
  waiting: Entry[];
  bounced: Entry[];
  doubled: Entry[];
  /** Came by a way that its stage does not allow. */
  astray: Entry[];
}

/**
 * Reconciles by correlation id.
 * @param queued correlation ids that queues hold
 * @param allowed whether a path may take a way at a time between two, in milliseconds
 */
export function reconcile(
  entries: readonly Entry[],
  queued: ReadonlySet<string>,
  allowed: (path: LoadPath, way: string, from: number, to: number) => boolean,
): Account {
  const absent = entries.filter(isOnItsWay);
  const waits = ({ correlation, accepted }: Entry): boolean =>
    accepted === undefined || queued.has(correlation);
  return {
    mails: entries.length,
    delivered: entries.filter(({ arrivals }) => arrivals.length > 0).length,
    lost: absent.filter((entry) => !waits(entry)),
    waiting: absent.filter(waits),
    bounced: entries.filter(({ bounces }) => bounces.length > 0),
    doubled: entries.filter(({ arrivals }) => arrivals.length > 1),
    astray: entries.filter(({ path, begun, arrivals }) =>
      arrivals.some(({ at, way }) => !allowed(path, way, begun, at)),
    ),
  };
}

/** Seconds from handing over to the first arrival, of mails of common size. */
export const latencies = (entries: readonly Entry[]): number[] =>
  entries.flatMap(({ large, begun, arrivals: [first] }) =>
    large || !first ? [] : [Math.max(0, first.at - begun) / 1000],
  );
