import { randomBytes } from 'node:crypto';
import type { Municipality, StageNumber } from '../../config/municipality.js';
import type { Companion } from '../journey.js';
import { pathNames } from '../paths.js';
import type { Rehearsal } from '../running.js';
import { explainDoubles } from './doubles.js';
import { isOnItsWay, Ledger, toNeighbour, reconcile, type Account } from './ledger.js';
import type { Mailbox } from './maildir.js';
import { customerLinkDead } from './outages.js';
import { neighbourId } from './neighbour.js';
import { MxWatch, type Sampled } from './mx-watch.js';
import { queuedMails, QueueWatch } from './queues.js';
import { receive } from './reception.js';
import { edgeLoadText, type EdgeLoad } from './report.js';
import type { Least } from './reached.js';
import { Sender } from './senders.js';
import { Traffic } from './traffic.js';
import { WaysInTime } from './ways.js';

export interface LoadOptions {
  /** Mails a second, all paths together. */
  rate: number;
  /** Also one mail just below its size limit per path and edge. */
  large: boolean;
  /** How long mail is measured at rest before each edge. */
  restMs: number;
  /** A neighbour takes part, and its line dies for so long at the last stage. */
  deadNeighbourMs?: number;
  /** Everything that may break does, for so long at a time (--faults); a double that the logs explain is no fault then. */
  outageMs?: number;
  /** How long a mail may be on its way after an edge before it counts as missing. */
  settleMs: number;
  /** Below that an edge is no success, even if no mail was harmed. */
  least?: Pick<Least, 'mails' | 'mxAnswers'>;
}

/** As `rehearse --load` does it. @param outageSeconds of `--faults` */
export const fullLoad = (rate: number, outageSeconds?: number): LoadOptions => ({
  rate,
  ...(outageSeconds === undefined ? {} : { outageMs: outageSeconds * 1000 }),
  large: true,
  restMs: 6000,
  deadNeighbourMs: 30_000,
  settleMs: 120_000,
  // With --faults the name server is down on purpose.
  least: { mails: 0.9 * rate, ...(outageSeconds === undefined ? { mxAnswers: 1000 } : {}) },
});

/** What is measured of one edge while it runs; the mails stand in the ledger. */
interface Lap {
  title: string;
  /** Milliseconds since 1970. */
  begun: number;
  ended: number;
  mx: Sampled;
  queuePeak: number;
}

const pollInterval = 50;
/** Beyond the TTL: a resolver counts in whole seconds, and a Postfix may have looked up just before. */
const grace = 2000;

/** Sends mail on all paths during a journey, and knows at its end what became of each. */
export class Load implements Companion {
  private readonly ledger: Ledger;
  private readonly ways: WaysInTime;
  private readonly senders: Map<string, Sender>;
  private readonly mailboxes: Mailbox[];
  private readonly traffic: Traffic;
  private readonly mx: MxWatch;
  private readonly relayQueue: QueueWatch;
  private readonly laps: Lap[] = [];
  private current = { title: '', begun: 0 };
  private largeMails: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly municipality: Municipality,
    private readonly options: LoadOptions,
    /** The stage at which it begins. */
    stage: StageNumber = 0,
  ) {
    const { parties } = rehearsal.layout;
    this.ledger = new Ledger(`load-${randomBytes(3).toString('hex')}`);
    this.ways = new WaysInTime(municipality.routing, stage, Date.now());
    this.senders = new Map(
      parties.map(({ name }) => [name, new Sender(rehearsal.inside(name, submissionSocket))]),
    );
    this.mailboxes = receive(rehearsal, municipality.id, this.ledger);
    this.mx = new MxWatch(
      rehearsal,
      rehearsal.platform.dnsServers[0]?.host ?? '',
      municipality.domains.map(({ name }) => name),
    );
    this.relayQueue = new QueueWatch(rehearsal, 'relay');
    this.traffic = new Traffic(municipality, parties, this.senders, this.ledger, options.rate, (error) => {
      this.failure ??= error;
    });
  }

  async before(title: string, stage: StageNumber): Promise<void> {
    await this.rest(title);
    this.ways.begin(stage, Date.now());
    this.traffic.moment = 'edge';
    if (this.options.large) {
      this.largeMails = this.traffic.large().catch((error: unknown) => {
        this.failure ??= error;
      });
    }
  }

  async deployed(): Promise<void> {
    const { platform } = this.rehearsal;
    const ttls = [
      ...this.municipality.domains.map(({ mx }) => mx.ttl),
      ...platform.relays.map(({ mx }) => mx.ttl),
    ];
    await pause(Math.max(...ttls, platform.ndbDistribution) * 1000 + grace);
    await this.largeMails;
    this.ways.end(this.lap());
  }

  /** Mail flows while nothing changes; from here on it counts to the next edge. */
  private async rest(title: string): Promise<void> {
    this.current = { title, begun: Date.now() };
    this.traffic.edge = this.laps.length;
    this.traffic.moment = 'rest';
    await pause(this.options.restMs);
  }

  /** @returns the end of the edge */
  private lap(): number {
    const ended = Date.now();
    this.traffic.moment = 'between';
    this.laps.push({ ...this.current, ended, mx: this.mx.lap(), queuePeak: this.relayQueue.lap() });
    return ended;
  }

  async text(): Promise<string> {
    const edge = this.laps.length - 1;
    const ended = this.laps[edge]?.ended ?? 0;
    await this.arrived(ended);
    return edgeLoadText(await this.edgeLoad(edge, ended), this.municipality.name);
  }

  async turning(stage: StageNumber): Promise<string> {
    const { rehearsal, options } = this;
    if (options.deadNeighbourMs === undefined || stage < neighbourStage) return '';
    this.traffic.paths = [...pathNames, toNeighbour];
    await this.rest(deadNeighbour);
    const mend = await customerLinkDead(rehearsal.municipality(neighbourId).network.link)(rehearsal);
    try {
      this.traffic.moment = 'edge';
      await pause(options.deadNeighbourMs);
      this.lap();
    } finally {
      await mend();
    }
    this.traffic.paths = pathNames;
    return `\n${deadNeighbour}, ${options.deadNeighbourMs / 1000} s\n${await this.text()}`;
  }

  /** Stops sending, waits for what is on its way, and gives an account of every edge. */
  async finish(): Promise<EdgeLoad[]> {
    this.traffic.stop();
    await this.arrived(Date.now());
    await this.emptied();
    if (this.options.outageMs !== undefined)
      await explainDoubles(this.ledger.entries, this.rehearsal, this.mailHosts());
    const edges: EdgeLoad[] = [];
    for (const edge of this.laps.keys()) edges.push(await this.edgeLoad(edge));
    return edges;
  }

  async stop(): Promise<void> {
    this.traffic.stop();
    this.mx.stop();
    this.relayQueue.stop();
    for (const sender of this.senders.values()) sender.stop();
    await Promise.all(this.mailboxes.map((mailbox) => mailbox.stop()));
  }

  /** Waits until every mail handed over up to then has arrived or come back, for as long as the options allow. */
  private async arrived(until: number): Promise<void> {
    const end = Date.now() + this.options.settleMs;
    let mails = this.ledger.entries.filter(({ begun }) => begun <= until);
    while (Date.now() < end && (mails = mails.filter(isOnItsWay)).length > 0) {
      if (this.failure !== undefined) throw this.failure as Error;
      await pause(pollInterval);
    }
  }

  /** Waits until no queue holds a mail that may come a second time, for as long as the options allow. */
  private async emptied(): Promise<void> {
    const end = Date.now() + this.options.settleMs;
    const queued = async (): Promise<boolean> =>
      [...(await queuedMails(this.rehearsal, this.mailHosts()))].some((mail) => this.ledger.find(mail));
    while (Date.now() < end && (await queued())) await pause(pollInterval);
    // What left a queue just now is in a Maildir, which is looked at as often as this.
    await pause(2 * pollInterval);
  }

  /** @param until leaves out what was handed over later */
  private async edgeLoad(edge: number, until = Infinity): Promise<EdgeLoad> {
    const lap = this.laps[edge];
    if (!lap) throw new Error(`edge ${edge} has not ended`);
    const entries = this.ledger.entries.filter((entry) => entry.edge === edge && entry.begun <= until);
    const account = await this.account(entries);
    const steady = entries.filter(({ moment, accepted }) => moment !== 'between' && accepted !== undefined);
    const least = { ...this.options.least, large: this.options.large };
    return { ...lap, entries, account, rate: steady.length / ((lap.ended - lap.begun) / 1000), least };
  }

  private mailHosts(): string[] {
    return ['relay', ...this.rehearsal.layout.parties.map(({ name }) => name)];
  }

  private async account(entries: EdgeLoad['entries']): Promise<Account> {
    const absent = entries.some(isOnItsWay);
    const queued = absent ? await queuedMails(this.rehearsal, this.mailHosts()) : new Set<string>();
    return reconcile(entries, queued, (...asked) => this.ways.allowed(...asked));
  }
}

/** From this stage on mail comes through the relay, where one municipality's fault could touch another. */
export const neighbourStage = 2;
const deadNeighbour = "A neighbour's line to the gateway is dead";

/** Of a party's Postfix (templates/rehearsal/master.cf): a client that is local is known by the file. */
const submissionSocket = '/var/spool/postfix/public/submission';

const pause = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));
