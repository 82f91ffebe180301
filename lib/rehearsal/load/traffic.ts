import type { Municipality } from '../../config/municipality.js';
import { wireBytes } from '../../config/sizes.js';
import type { Party } from '../layout.js';
import { pathNames } from '../paths.js';
import type { Entry, Ledger, LoadPath, Moment } from './ledger.js';
import { neighbourId } from './neighbour.js';
import type { Sender } from './senders.js';

/** Common mails have this many bytes. */
const commonSize = 2000;
/** Room for what the hops before the limit's own add: a Received header of some hundred bytes each. */
const headroom = 4096;
const tick = 20;
/** Mails that may wait for a connection; a machine that cannot keep up sends fewer, and the table says so. */
const backlog = 50;

/** Where a mail of the load goes from and to. */
interface Ends {
  from: Party;
  to: Party;
  /** Domains of the municipality, each has its turn. */
  domains: string[];
}

/** Mails on all paths in both directions, in turn, at a steady rate. */
export class Traffic {
  /** To which edge, and to which part of it, what is sent now counts. */
  edge = 0;
  moment: Moment = 'between';
  /** Every path has its turn. */
  paths: readonly LoadPath[] = pathNames;
  private readonly timer: NodeJS.Timeout;
  private turn = 0;

  constructor(
    private readonly municipality: Municipality,
    private readonly parties: readonly Party[],
    private readonly senders: ReadonlyMap<string, Sender>,
    private readonly ledger: Ledger,
    /** Mails a second, all paths together. */
    rate: number,
    private readonly failed: (error: unknown) => void,
  ) {
    const began = Date.now();
    let due = 0;
    this.timer = setInterval(() => {
      const now = Math.floor(((Date.now() - began) / 1000) * rate);
      for (; due < now; due += 1) this.common();
    }, tick);
  }

  /** One mail per path just below the path's limit, one after the other. */
  async large(): Promise<void> {
    for (const path of pathNames) {
      const { from, sender, to, entry } = this.next(path, true);
      await this.handed(entry, sender.sendLarge(from, to, largeSize(path, this.municipality.limits)));
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private common(): void {
    const path = this.paths[this.turn % this.paths.length] ?? 'internet → municipality';
    const { from } = this.ends(path);
    if ((this.senders.get(from.name)?.backlog ?? 0) >= backlog) {
      this.turn += 1;
      return;
    }
    const next = this.next(path, false);
    void this.handed(next.entry, next.sender.send(next.from, next.to, commonSize)).catch(this.failed);
  }

  private next(path: LoadPath, large: boolean) {
    const { from, to, domains } = this.ends(path);
    const sender = this.senders.get(from.name);
    if (!sender) throw new Error(`nobody sends as ${from.name}`);
    const { edge, moment } = this;
    const entry = this.ledger.open({ path, large, edge, moment }, Date.now());
    const domain = domains[Math.floor(this.turn / this.paths.length) % domains.length] ?? '';
    this.turn += 1;
    const address = (party: Party): string =>
      `${entry.correlation}@${party.name === this.municipality.id ? domain : (party.domains[0] ?? '')}`;
    return { entry, sender, from: address(from), to: address(to) };
  }

  private async handed(entry: Entry, sending: ReturnType<Sender['send']>): Promise<void> {
    const result = await sending;
    if (!result) return;
    entry.accepted = result.at;
    entry.repeated = result.repeated;
  }

  private ends(path: LoadPath): Ends {
    const [from, to] = partyNames(path, this.municipality.id).map((name) =>
      this.parties.find((party) => party.name === name),
    );
    if (!from || !to) throw new Error(`no such parties: ${path}`);
    return { from, to, domains: this.municipality.domains.map(({ name }) => name) };
  }
}

/** Just below what a path takes: bytes on the wire as a large mail is handed to its party's own server. */
export const largeSize = (path: LoadPath, { internalMb, internetMb }: Municipality['limits']): number =>
  wireBytes(path.includes('internet') ? internetMb : internalMb) - headroom;

/** Hosts at the ends of a path. */
export function partyNames(path: LoadPath, municipality: string): [string, string] {
  const hosts: Record<string, string> = { municipality, neighbour: neighbourId };
  return path.split(' → ').map((name) => hosts[name] ?? name) as [string, string];
}
