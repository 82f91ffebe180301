import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadOne } from '../config/load.js';
import type { Municipality, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { lastStage } from '../migration/stages.js';
import { tryPaths } from './cells.js';
import { connectionTest } from './connection-test.js';
import { RehearsalError } from './error.js';
import { followInstructions } from './hoster.js';
import { edgeText, type Edge, type Reporter, type Seen } from './report.js';
import { notRestored } from './restored.js';
import type { Rehearsal } from './running.js';
import type { Tools } from './tools.js';
import { withEvidence, withOutgoingTest } from './working-copy.js';

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

export interface JourneyProps {
  rehearsal: Network;
  /** The municipality. */
  id: string;
  tools: Tools;
  report: Reporter;
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
  private readonly pause: (duration: number) => Promise<void>;

  constructor({ rehearsal, id, tools, report, pause = sleep }: JourneyProps) {
    this.rehearsal = rehearsal;
    this.id = id;
    this.tools = tools;
    this.report = report;
    this.pause = pause;
  }

  /** @param to stop after this stage, without the way back */
  async take(to?: StageNumber): Promise<Seen> {
    const last = Math.min(to ?? 4, lastStage(this.municipality().routing));
    await this.report.step("Deploying the platform's base", () => this.tools.deploy('platform'));
    await this.reach('Stage 0', 0);
    for (let stage = 1; stage <= last; stage += 1) await this.forwards(stage as StageNumber);
    if (to !== undefined) return { edges: this.edges, notRestored: [] };
    for (let stage = last - 1; stage >= 0; stage -= 1) await this.back(stage as StageNumber);
    return { edges: this.edges, notRestored: await notRestored(this.rehearsal, this.municipality()) };
  }

  private async forwards(stage: StageNumber): Promise<void> {
    if (stage === 2) await connectionTest(this.rehearsal, this.municipality());
    await this.edit((text) => withEvidence(text, stage, today()));
    await this.tools.stage(this.id, String(stage));
    if (stage === 4) await this.outgoing();
    await this.reach(`Stage ${stage - 1} → ${stage}`, stage);
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
    await this.edit((text) => withOutgoingTest(text, today()));
  }

  private async back(stage: StageNumber): Promise<void> {
    await this.tools.stage(this.id, String(stage));
    // At a hoster the MX moves before the edge: from the edge on counts the time of what is kept.
    await followInstructions(this.rehearsal, this.municipality());
    await this.reach(`Stage ${stage + 1} → ${stage}`, stage, async () => {
      // The relay still takes its mail (kept), so its people may change over when they like.
      if (stage === 3) await this.rehearsal.municipalityOutgoing(this.id, 'direct');
    });
    for (let round = 0; this.municipality().kept.length > 0; round += 1) {
      if (round === rounds) throw new RehearsalError(`What ${this.id} keeps at stage ${stage} does not go.`);
      await this.dropKept(stage);
    }
  }

  /** What was kept goes in a deploy of its own, once nobody can still use it. */
  private async dropKept(stage: StageNumber): Promise<void> {
    // The clock runs from the record of the edge, which is not later than now.
    const holds = this.municipality().kept.map(({ since, until }) => Date.parse(until) - Date.parse(since));
    let left = Math.max(...holds) + 1000;
    await this.report.step(`Stage ${stage}: waiting until nobody uses what was kept`, async (say) => {
      for (; left > 0; left -= 500) {
        say(`${Math.ceil(left / 1000)} s left`);
        await this.pause(500);
      }
    });
    await this.tools.stage(this.id, '--drop-kept');
    await this.reach(`Stage ${stage}, without what was kept`, stage);
  }

  /** Deploys, lets people do their part, tries every path, asks for an empty plan. */
  private async reach(title: string, stage: StageNumber, people = () => Promise.resolve()): Promise<void> {
    const began = Date.now();
    await this.report.step(`${title}: deploying`, () => this.tools.deploy(this.id));
    const municipality = this.municipality();
    await followInstructions(this.rehearsal, municipality);
    await people();
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
