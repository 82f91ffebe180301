import { jest } from '@jest/globals';
import { load } from '../../../lib/rehearsal/journey.js';
import type { Municipality, StageNumber } from '../../../lib/config/municipality.js';
import { withWithdrawal } from '../../../lib/rehearsal/working-copy.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';
import { EdgeRules, stepsOf } from './edge-rules.js';

jest.setTimeout(600_000);

const id = 'musterstadt';

describeReal('the order in which nftables, Postfix, DNS and register are written', rehearsalNeeds, () => {
  const rules = new EdgeRules();
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(id);
  });
  afterAll(() => desk.close());

  const municipality = (): Municipality =>
    load(id, desk.rehearsal.municipalitiesDir, desk.rehearsal.platformFile).municipality;

  /** What the engine did out of order. */
  async function deploy(): Promise<string[]> {
    await desk.synth(id);
    await desk.mustEngine(id, 'init', '-input=false');
    const output = await desk.mustEngine(id, 'apply', '-json', '-auto-approve', '-input=false');
    const steps = stepsOf(output, new Map());
    expect(steps).not.toHaveLength(0);
    return rules.violations(steps);
  }

  async function reach(stage: StageNumber): Promise<string[]> {
    await desk.writeStage(id, stage);
    return deploy();
  }

  /** Waits for as long as what is kept has to stay, and takes it away. */
  async function dropKept(): Promise<string[]> {
    const holds = municipality().kept.map(({ since, until }) => Date.parse(until) - Date.parse(since));
    await new Promise((resolve) => setTimeout(resolve, Math.max(...holds) + 2000));
    const { exitCode, output } = await desk.mailversand('stage', id, '--drop-kept');
    if (exitCode !== 0) throw new Error(output);
    return deploy();
  }

  test('through all stages', async () => {
    expect(await deploy()).toEqual([]);
    for (const stage of [1, 2, 3, 4] as const) expect(await reach(stage)).toEqual([]);
  });

  test('and back', async () => {
    for (const stage of [3, 2, 1, 0] as const) {
      expect(await reach(stage)).toEqual([]);
      if (stage === 2) await desk.edit(id, (text) => withWithdrawal(text, '2026-02-28'));
      while (municipality().kept.length > 0) expect(await dropKept()).toEqual([]);
    }
    expect(await desk.plansNothing(id)).toBe(true);
  });
});
