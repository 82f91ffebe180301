import { RehearsalError } from '../error.js';
import type { Rehearsal } from '../running.js';
import type { DeployOptions, Tools } from '../tools.js';
import { onWrite } from './far-end-writes.js';
import { dnsDown, gatewayCutOff, restartPostfix, type Outage } from './outages.js';
import { killTree } from './process-tree.js';

/** What was done to deploys, for the summary. */
export interface FaultCounts {
  killed: number;
  /** Deploys that ended with an error because something was broken, and were repeated. */
  failed: number;
  outages: number;
  restarts: number;
}

export const faultsText = ({ killed, failed, outages, restarts }: FaultCounts): string =>
  `Meanwhile ${killed} deploys were killed, gateway or name server were away ${outages} times, relay or customer server were restarted ${restarts} times; ${failed} further deploys failed and were repeated.\n`;

/** How often a deploy is repeated once nothing is broken any more. */
const attempts = 4;
/** A deploy is killed behind its first, second or third write at a far end, at each edge another. */
const killPoints = 3;

/** An engineer's tools on a bad day: every deploy is killed, and meets everything that may break, one after the other. */
export class FaultyTools implements Tools {
  readonly counts: FaultCounts = { killed: 0, failed: 0, outages: 0, restarts: 0 };
  private edges = 0;

  constructor(
    private readonly tools: Tools,
    private readonly hosts: Pick<Rehearsal, 'exec' | 'must' | 'path' | 'platform'>,
    private readonly municipality: string,
    /** Milliseconds for which the gateway is cut off and the name server is down, each. */
    private readonly outageMs: number,
  ) {}

  planned(stack: string): Promise<string | undefined> {
    return this.tools.planned(stack);
  }

  connectionTest(municipality: string, answers?: readonly string[]): Promise<void> {
    return this.tools.connectionTest(municipality, answers);
  }

  stage(municipality: string, ...argv: string[]): Promise<void> {
    return this.tools.stage(municipality, ...argv);
  }

  async deploy(stack: string, options: DeployOptions = {}): Promise<void> {
    if (stack !== this.municipality) return this.tools.deploy(stack);
    const { wait } = options;
    await this.killed(stack, wait);
    await this.meets(gatewayCutOff, 'relay', stack, wait);
    await this.meets(dnsDown, this.municipality, stack, wait);
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.tried(stack, wait);
      if (failure === undefined) return;
      if (attempt === attempts) throw failure;
    }
  }

  /** One deploy that is killed in the middle, with everything it started. */
  private async killed(stack: string, wait: string | undefined): Promise<void> {
    const write = 1 + (this.edges % killPoints);
    this.edges += 1;
    let killing: Promise<void> | undefined;
    let pid = 0;
    const writes = onWrite(this.hosts, write, () => void (killing = killTree(pid)));
    try {
      await this.tools.deploy(stack, { started: (started) => (pid = started), wait });
    } catch (error) {
      if (!(error instanceof RehearsalError)) throw error;
    } finally {
      writes.stop();
    }
    if (killing) this.counts.killed += 1;
    await killing;
  }

  /** One deploy while something is broken, which is mended in its middle or after it; half-way a server is restarted. */
  private async meets(
    outage: Outage,
    restarted: string,
    stack: string,
    wait: string | undefined,
  ): Promise<void> {
    const mend = await outage(this.hosts);
    this.counts.outages += 1;
    const trying = this.tried(stack, wait);
    try {
      await pause(this.outageMs / 2);
      await restartPostfix(this.hosts, restarted);
      this.counts.restarts += 1;
      await pause(this.outageMs / 2);
    } finally {
      await mend();
    }
    await trying;
  }

  /** @returns why it failed, if it did */
  private async tried(stack: string, wait: string | undefined): Promise<RehearsalError | undefined> {
    try {
      await this.tools.deploy(stack, { wait });
      return undefined;
    } catch (error) {
      if (!(error instanceof RehearsalError)) throw error;
      this.counts.failed += 1;
      return error;
    }
  }
}

const pause = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));
