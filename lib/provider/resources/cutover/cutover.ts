import { randomBytes } from 'node:crypto';
import type { Wait } from '../../definition.js';
import type { PassedTest, TestKind } from '../../passed-tests.js';
import type { Observation, ObservedType } from '../../targets/dns/evidence.js';
import type { SpfCost } from '../../targets/dns/spf-cost.js';
import type { Tlsa } from '../../targets/dns/tlsa.js';
import type { MailServerAnswer } from '../../targets/smtp/probe.js';
import { hostsIn, type Move } from './move.js';
import type { Recorded } from './recorded.js';

/** What the name servers of a domain show, now and before. */
export interface Evidence {
  move: Move;
  /** What every server of the zone shows now. */
  observations: readonly Observation[];
  /** What the register has about it. */
  recorded: readonly Recorded[];
  now: Date;
}

/** One move of an MX, with everything that its rules look at: gathered once, judged by values. */
export interface Cutover extends Evidence {
  /** What the hosts that the MX will name, and those that it named before, answer now. */
  askedTo: readonly AskedHost[];
  askedFrom: readonly AskedHost[];
  /** Whether the relay's map has a route for the domain now. */
  routed: boolean;
  /** undefined: not looked up, because the MX goes back. */
  spfCost: SpfCost | undefined;
  /** TLSA records of the hosts that the MX will name; a text: why nobody says. */
  tlsa: Readonly<Record<string, readonly Tlsa[] | string>>;
  /** The last test of each kind that was passed. */
  tests: Readonly<Partial<Record<TestKind, PassedTest>>>;
  /** Seconds for which one counts. */
  testValidity: number;
}

/** A mail host, and what each of its addresses answered to recipients who are known and who are not. */
export interface AskedHost {
  host: string;
  /** Empty: its name has no IPv4 address. */
  answers: readonly MailServerAnswer[];
}

/** One reason not to let an MX move. */
export interface CutoverRule {
  id: string;
  /** What is lost without it. */
  why: string;
  /** Which moves it is about. */
  towards: Move['towards'];
  /** What is wrong, in few words, behind the domain's name. */
  summary: string;
  /** What to do, in a sentence. */
  remedy: string;
  /** A recorded decision of a person makes it a warning. */
  overridable?: true;
  /** What was found, a line each, or a {@link Wait} that time ends; empty: nothing stands against the move. */
  check: (cutover: Cutover) => (string | Wait)[];
}

/** Behind a remedy that takes outgoingTestPassedOn out: the day is one for all domains without a stage of their own. */
export const ofOthersToo =
  'Has the MX of another domain moved by the same day, that would go back with it: then let the one domain go back alone (npx mailversand domain, stage 3), and forth again with a day of its own.';

/** The recipient that every domain must have (RFC 5321 4.5.1). */
export const knownRecipient = (domain: string): string => `postmaster@${domain}`;

/** One that no domain has: a new name each time, so that nobody's cache knows it. */
export const unknownRecipient = (domain: string): string =>
  `unbekannt-${randomBytes(6).toString('hex')}@${domain}`;

/** Now, from the servers that answer with authority. */
export const shownNow = (
  { observations }: Pick<Evidence, 'observations'>,
  asked: ObservedType,
): readonly Observation[] =>
  observations.filter(({ type, authoritative }) => type === asked && authoritative);

/** Whether an earlier deploy, or a hoster, has moved the MX on some server already: mail comes by the new path. */
export const hasBegun = (evidence: Pick<Evidence, 'move' | 'observations'>): boolean =>
  shownNow(evidence, 'MX').some(({ data }) => hostsIn(data).some((host) => evidence.move.to.includes(host)));

/** Servers of which nothing is known now, each with the reason. */
export const unseen = ({ observations }: Evidence, asked: ObservedType): string[] =>
  observations
    .filter(({ type, authoritative }) => type === asked && !authoritative)
    .map(
      ({ server, problem }) =>
        `${server} says nothing of its own: ${problem ?? 'its answer has no authority'}`,
    );

/** Answers of a host to one recipient that are not 250, each as a line. */
export const notTaken = ({ host, answers }: AskedHost, recipient: string): string[] =>
  answers.length === 0
    ? [`${host} has no IPv4 address`]
    : answers.flatMap(({ address, recipients }) =>
        recipients
          .filter((answer) => answer.recipient === recipient && answer.code !== 250)
          .map(
            ({ code, text }) =>
              `${host} (${address}) answers ${recipient}: ${code === 0 ? '' : `${code} `}${text}`,
          ),
      );
