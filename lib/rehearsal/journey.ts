import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadOne } from '../config/load.js';
import type { Municipality, Settling, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { lastStage } from '../migration/stages.js';
import { tryPaths } from './cells.js';
import { RehearsalError } from './error.js';
import { followInstructions } from './hoster.js';
import { edgeText, type Edge, type Reporter, type Seen } from './report.js';
import { notRestored } from './restored.js';
import type { Rehearsal } from './running.js';
import type { Tools } from './tools.js';
import { withEvidence, withOutgoingTest, withWithdrawal } from './working-copy.js';

/** A municipality and the platform from their files. @throws RehearsalError that names what is wrong in them */
export function load(
  name: string,
  municipalitiesDir: string,
  platformFile: string,
): { municipality: Municipality; platform: Platform } {
  const { municipality, platform, problems } = loadOne(name, { municipalitiesDir, platformFile });
  if (municipality && platform) return { municipality, platform };
  const found = problems.map(
    ({ file, line, found: what, expected }) => `${file}:${line}: ${what}; ${expected}`,
  );
  throw new RehearsalError(`${name} cannot be rehearsed:\n${found.join('\n')}`);
}

/** What a journey needs of a rehearsal. */
export type Network = Pick<
  Rehearsal,
  | 'answersOutside'
  | 'exec'
  | 'layout'
  | 'municipalitiesDir'
  | 'municipalityOutgoing'
  | 'must'
  | 'path'
  | 'platform'
  | 'platformFile'
  | 'send'
  | 'settled'
>;

/** Goes along with a journey and watches what its edges do to mail. */
export interface Companion {
  /** Before anything of an edge changes. */
  before(title: string, stage: StageNumber): Promise<void>;
  /** After it was deployed and people did their part; ends when nobody takes the old ways any more. */
  deployed(): Promise<void>;
  /** What was seen of this edge. */
  text(): Promise<string>;
  /** At the last stage, before the way back. @returns what was seen there */
  turning(stage: StageNumber): Promise<string>;
}

export interface JourneyProps {
  rehearsal: Network;
  /** The municipality. */
  id: string;
  tools: Tools;
  report: Reporter;
  companion?: Companion;
  /** Milliseconds; gives tests another clock. @default setTimeout */
  pause?: (duration: number) => Promise<void>;
}

/** How often what was kept is looked at again before something is wrong. */
const rounds = 3;

/** The way through the stages; each step is a deploy as an engineer makes it. */
export class Journey {
  private readonly edges: Edge[] = [];
  private readonly rehearsal: Network;
  private readonly id: string;
  private readonly tools: Tools;
  private readonly report: Reporter;
  private readonly companion: Companion | undefined;
  private readonly pause: (duration: number) => Promise<void>;

  constructor({ rehearsal, id, tools, report, companion, pause = sleep }: JourneyProps) {
    this.rehearsal = rehearsal;
    this.id = id;
    this.tools = tools;
    this.report = report;
    this.companion = companion;
    this.pause = pause;
  }

  /** @param to stop after this stage, without the way back */
  async take(to?: StageNumber): Promise<Seen> {
    const last = Math.min(to ?? 4, lastStage(this.municipality().routing));
    await this.report.step("Deploying the platform's base", () => this.tools.deploy('platform'));
    await this.edge('Stage 0', 0, () => Promise.resolve());
    for (let stage = 1; stage <= last; stage += 1) await this.forwards(stage as StageNumber);
    if (this.companion) this.report.out(await this.companion.turning(last as StageNumber));
    if (to !== undefined) return { edges: this.edges, notRestored: [] };
    for (let stage = last - 1; stage >= 0; stage -= 1) await this.back(stage as StageNumber);
    return { edges: this.edges, notRestored: await notRestored(this.rehearsal, this.municipality()) };
  }

  private async forwards(stage: StageNumber): Promise<void> {
    // Before its mail comes this way for the first time, and before all of it does.
    if (stage === 2 || stage === 4) await this.connectionTest(`Stage ${stage - 1}`);
    await this.edit((text) => withEvidence(text, stage, today()));
    await this.edge(`Stage ${stage - 1} → ${stage}`, stage, async () => {
      await this.tools.stage(this.id, String(stage));
      if (stage === 4) await this.outgoing();
    });
    if (stage === lastStage(this.municipality().routing)) await this.settled(stage);
  }

  /** After the last edge forwards, once nothing has to be kept that the servers refuse. */
  private async settled(stage: StageNumber): Promise<void> {
    const { settling } = this.municipality();
    if (settling === undefined) return;
    await this.wait(`Stage ${stage}: waiting until it has settled`, [settling]);
    const settle = (): Promise<void> => this.tools.stage(this.id, '--settled');
    // At a hoster the time counts from when the MX was seen at the relay.
    await this.edge(`Stage ${stage}, settled`, stage, settle, { wait: '2m' });
  }

  /** Stage 4 begins with the way out, which a real mail must have taken before the MX moves. */
  private async outgoing(): Promise<void> {
    await this.report.step('Stage 3 → 4: deploying the way out', () => this.tools.deploy(this.id));
    await this.rehearsal.municipalityOutgoing(this.id, 'relay');
    const cells = await tryPaths(this.rehearsal, this.municipality(), 4, ['municipality → internet']);
    const failed = cells.find(({ expected }) => !expected);
    if (failed) {
      throw new RehearsalError(`The test of the outgoing path failed: ${failed.way}\n${failed.why ?? ''}`);
    }
    await this.connectionTest('Stage 4, the way out');
    // Somebody who reads the mailbox outside saves what arrived there.
    const answers = await this.rehearsal.answersOutside(this.id);
    await this.report.step('Stage 4, the way out: DKIM, SPF and DMARC at the mailbox outside', () =>
      this.tools.connectionTest(this.id, answers),
    );
    await this.edit((text) => withOutgoingTest(text, today()));
  }

  /** A passed test is in the register afterwards. @throws RehearsalError with its report */
  private async connectionTest(when: string): Promise<void> {
    await this.report.step(`${when}: connection test (Anbindungstest)`, () =>
      this.tools.connectionTest(this.id),
    );
  }

  private async back(stage: StageNumber): Promise<void> {
    await this.edge(
      `Stage ${stage + 1} → ${stage}`,
      stage,
      async () => {
        await this.tools.stage(this.id, String(stage));
        // At a hoster the MX moves before the edge: from the edge on counts the time of what is kept.
        await followInstructions(this.rehearsal, this.municipality());
      },
      {
        people: async () => {
          // The relay still takes its mail (kept), so its people may change over when they like.
          if (stage === 3) await this.rehearsal.municipalityOutgoing(this.id, 'direct');
          if (stage === 2) await this.edit((text) => withWithdrawal(text, today()));
        },
      },
    );
    for (let round = 0; this.municipality().kept.length > 0; round += 1) {
      if (round === rounds) throw new RehearsalError(`What ${this.id} keeps at stage ${stage} does not go.`);
      await this.dropKept(stage);
    }
  }

  /** What was kept goes in a deploy of its own, once nobody can still use it. */
  private async dropKept(stage: StageNumber): Promise<void> {
    await this.wait(`Stage ${stage}: waiting until nobody uses what was kept`, this.municipality().kept);
    await this.edge(
      `Stage ${stage}, without what was kept`,
      stage,
      () => this.tools.stage(this.id, '--drop-kept'),
      // Until the ways are silent, too: people may have used them to the end.
      { wait: '2m' },
    );
  }

  /** The longest of these times; the clock runs from the record of the edge, which is not later than now. */
  private async wait(title: string, times: readonly Settling[]): Promise<void> {
    const holds = times.map(({ since, until }) => Date.parse(until) - Date.parse(since));
    let left = Math.max(...holds) + 1000;
    await this.report.step(title, async (say) => {
      for (; left > 0; left -= 500) {
        say(`${Math.ceil(left / 1000)} s left`);
        await this.pause(500);
      }
    });
  }

  /** Changes the file, deploys, lets people do their part, tries every path, asks for an empty plan. */
  private async edge(
    title: string,
    stage: StageNumber,
    change: () => Promise<void>,
    { people, wait }: { people?: () => Promise<void>; wait?: string } = {},
  ): Promise<void> {
    await this.companion?.before(title, stage);
    const began = Date.now();
    await change();
    await this.report.step(`${title}: deploying`, () => this.tools.deploy(this.id, { wait }));
    const municipality = this.municipality();
    await followInstructions(this.rehearsal, municipality);
    await people?.();
    await this.companion?.deployed();
    const edge = await this.report.step(`${title}: one mail on each path, and a plan`, async () => {
      await this.rehearsal.settled();
      const [cells, planned] = await Promise.all([
        tryPaths(this.rehearsal, municipality, stage),
        this.tools.planned(this.id),
      ]);
      return {
        title,
        cells,
        planned,
        seconds: (Date.now() - began) / 1000,
      };
    });
    this.edges.push(edge);
    this.report.out(edgeText(edge));
    if (this.companion) this.report.out(await this.companion.text());
  }

  private municipality(): Municipality {
    const { municipalitiesDir, platformFile } = this.rehearsal;
    return load(this.id, municipalitiesDir, platformFile).municipality;
  }

  private async edit(change: (text: string) => string): Promise<void> {
    const file = join(this.rehearsal.municipalitiesDir, `${this.id}.yaml`);
    await writeFile(file, change(await readFile(file, 'utf8')));
  }
}

const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));

const today = (): string => new Date().toISOString().slice(0, 10);
