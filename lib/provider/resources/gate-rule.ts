import type { Diagnostic, Wait } from '../definition.js';
import type { PassedTest } from '../passed-tests.js';
import type { Cutover, Evidence } from './cutover/cutover.js';
import type { Held } from './declared.js';
import type { Waiting } from './gate-queue.js';
import { earliestEnd, type Hold, type Reached } from './reached.js';
import type { Path, Silent } from './silence.js';

/** What the gate looks at. */
export interface Edge {
  municipality: string;
  /** The stage that is planned. */
  stage: number;
  evidence: Readonly<Record<string, string>>;
  /** What the plan declares. */
  declares: ReadonlySet<string>;
  /** What of it is declared only because it may still be used. */
  holds: readonly Hold[];
  /** Last day of the approval that the plan rests on, YYYY-MM-DD; undefined: without an end. */
  validUntil: string | undefined;
  /** Whether the state knows what was deployed before. */
  hasState: boolean;
  /** What the register says. */
  reached: Reached;
  /** Other names under which the register has something of this owner, with the stage it stands at there. */
  otherNames: readonly { name: string; stage: number }[];
  /** Everything of this owner that is live. */
  held: readonly Held[];
  carriesMail: (id: string) => boolean;
  /** Digest that a connection test must bear to count. */
  tested?: string | undefined;
  /** The last one that was passed. */
  connectionTest?: PassedTest | undefined;
  /** Seconds for which it counts. */
  testValidity: number;
  /** Every MX that the deploy would move. */
  cutovers: readonly Cutover[];
  /** Where the MXs that belong to a relay are shown; looked up only where a time of settling would end. */
  atRelays: readonly Evidence[];
  /** A person's decision about the way back, day and reference. */
  wayBackDespite?: string | undefined;
  /** Of what the plan takes away, the ways by which mail may still come, measured now. */
  leaving: readonly Path[];
  /** Those that cannot be measured because a gateway or relay does not answer. */
  unmeasured: readonly string[];
  /** What the register has about their silence. */
  silent: readonly Silent[];
  /** Seconds without a mail, before such a way may go. */
  silenceTime: number;
  /** Domains of which the NdB has confirmed that they are withdrawn, with the day. */
  withdrawn: Readonly<Record<string, string>>;
  /** What the relays' queues hold; not looked up for an edge back. */
  waiting: readonly Waiting[];
  /** Whether more mail would come by the relay after it. */
  forwards: boolean;
  /** Recipients of one domain in the queue, above which nothing new begins. */
  queueLimit: number;
  /** Seconds for which a sender, and the relay, keeps a mail that it cannot deliver. */
  senderQueueLifetime: number;
  now: Date;
}

/** One reason to refuse an edge, with the sentence that justifies it. */
export interface GateRule {
  id: string;
  why: string;
  /** What to do, for docs/gate.md; the refusal itself says it with the names of the case. */
  remedy: string;
  check: (edge: Edge) => Diagnostic[];
}

/** @param waits where time heals it: what ends, and when */
export const refusal = (
  rule: string,
  attribute: string,
  summary: string,
  detail: string,
  waits?: readonly Wait[],
): Diagnostic => ({
  severity: 'error',
  summary,
  detail,
  attribute,
  rule,
  ...(waits && { waits }),
});

/** Refused while something lasts that time ends, a line each; nothing where there is none. */
export const refusedWhile = (
  waits: readonly Wait[],
  rule: string,
  attribute: string,
  summary: string,
  remedy: string,
): Diagnostic[] =>
  waits.length === 0
    ? []
    : [refusal(rule, attribute, summary, `${list(waits.map(findingText))}\n${remedy}`, waits)];

/** As a line of a refusal. */
export function findingText(found: string | Wait): string {
  if (typeof found === 'string') return found;
  return found.until === undefined ? found.what : `${found.what}: until ${found.until}`;
}

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

/** RFC 3339, UTC, the second that has begun; `timestamp` of time.ts counts it as a whole one, which is for ends of waits. */
export const second = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

/** When a planned hold ends: its time counts anew, unless it was recorded like this before. */
export function plannedEnd(hold: Hold, { reached, now }: Pick<Edge, 'reached' | 'now'>): Date {
  const recorded = reached.holds.find(
    ({ id, since, until }) => id === hold.id && since === hold.since && until === hold.until,
  );
  return earliestEnd({ ...hold, recordedAt: recorded?.recordedAt ?? second(now) });
}
