import { seconds, timestamp } from '../migration/timestamp.js';
import { ofOneDomain, type FaultId } from './faults.js';

/** A fault that was found, with what led to it. */
export interface Finding {
  fault: FaultId;
  /** `10.128.0.1:25 (innen 192.168.10.5)`, or the relay's listener. */
  where: string;
  /** The mail domain, where the fault is in what is set up for one. */
  domain?: string;
  /** What was seen, German, with the other side's own words. */
  seen: string;
  /** When, RFC 3339 UTC: there a log goes on. */
  at: string;
}

/** One thing that was tried. */
export interface Step {
  /** German, as the report lists it. */
  title: string;
  where: string;
  /** undefined: it was not tried; `seen` says why. */
  passed: boolean | undefined;
  /** What was seen, German. */
  seen: string;
}

/** What the relay heard of the recipients of a list. They stand in the report, and nowhere else. */
export interface ListedRecipients {
  accepted: number;
  /** In the order of the list. A hint, no finding: the list may be wrong. */
  refused: string[];
  /** Their server said nothing, or nothing for good. */
  undecided: number;
}

/** Everything that a test saw. */
export interface Outcome {
  steps: Step[];
  findings: Finding[];
  /** A real mail went out from each of its domains, through the relay, to a mailbox outside, where it is to be checked. */
  answered: boolean;
  /** Domains whose answer, as it arrived outside, was not handed over beside the others'. */
  missingAnswers: string[];
  /** undefined: there was no list, or nobody could be asked. */
  recipients?: ListedRecipients;
}

/** Nothing was found, and nothing is missing of what had to be proven. */
export const hasPassed = ({ findings, missingAnswers }: Outcome): boolean =>
  findings.length === 0 && missingAnswers.length === 0;

/** Collects what is seen, and says at once how far the test is. */
export class Protocol implements Outcome {
  readonly steps: Step[] = [];
  readonly findings: Finding[] = [];
  answered = false;
  readonly missingAnswers: string[] = [];
  recipients?: ListedRecipients;

  constructor(
    private readonly say: (detail: string) => void,
    private readonly now: () => Date,
  ) {}

  /** Before something that takes time. */
  begin(title: string, where: string): void {
    this.say(`${where}: ${title}`);
  }

  passed(title: string, where: string, seen: string): void {
    this.steps.push({ title, where, passed: true, seen });
  }

  /** @param why it was not tried, and what has to be done first */
  skipped(title: string, where: string, why: string): void {
    this.steps.push({ title, where, passed: undefined, seen: why });
  }

  /**
   * One fault is reported once a place, however often it shows; what each domain must have, once a domain.
   * @param tried the domain that was tried, if it was one
   */
  failed(title: string, where: string, fault: FaultId, seen: string, tried?: string): void {
    this.steps.push({ title, where, passed: false, seen });
    const domain = ofOneDomain.has(fault) ? tried : undefined;
    const isKnown = (known: Finding): boolean =>
      known.fault === fault && known.where === where && known.domain === domain;
    if (this.findings.some(isKnown)) return;
    const at = timestamp(seconds(this.now()));
    this.findings.push({ fault, where, ...(domain !== undefined && { domain }), seen, at });
  }
}
