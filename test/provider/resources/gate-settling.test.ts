import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import { gate, plan, settling, shown, stage1, stage2, standing, type Gate } from './gate-standing.js';

const [settles = '', ofMx = ''] = settling;
const without = (config: Gate, ...ids: string[]): Gate => ({
  ...config,
  declares: config.declares.filter((id) => !ids.includes(id)),
});

describe('an edge forwards', () => {
  test.each([
    [2, stage1, stage2],
    [3, stage2, stage2],
  ])('into stage %i keeps what is refused', async (stage, before, after) => {
    const engine = standing(stage - 1, before);
    const planned = gate(stage, after);
    await expect(plan(engine, without(planned, settles))).rejects.toThrow(/\[gate-settling\]/);
    await expect(plan(engine, without(planned, ofMx))).resolves.toBeDefined();
  });

  test('into stage 1 brings no mail, and none is kept of it', async () => {
    await expect(plan(standing(0), without(gate(1, stage1), ...settling))).resolves.toBeDefined();
  });

  test('that is over, and going back, ask for nothing', async () => {
    const engine = standing(3, stage2);
    for (const stage of [3, 2])
      await expect(plan(engine, without(gate(stage, stage2), ...settling))).resolves.toBeDefined();
  });
});

describe('an MX that moves to the relay', () => {
  const [example] = migrationGate.example.moves;
  const move = {
    ...example,
    towards: 'relay',
    to: 'mx1.landesnetz.example',
    from: 'mail.musterstadt.example',
  };
  const planned = gate(4, stage2, { moves: [move as Gate['moves'][number]] });

  test('keeps what is refused until every server shows it there', async () => {
    const engine = standing(4, stage2);
    engine.memory.observations['musterstadt.example'] = [shown('10 mail.musterstadt.example.')];
    await expect(plan(engine, without(planned, ofMx))).rejects.toThrow(/\[gate-settling\]/);
    const own = { ...planned, declares: [...planned.declares, `${ofMx}/musterstadt.example`] };
    await expect(plan(engine, without(own, ofMx))).rejects.not.toThrow(/\[gate-settling\]/);
    engine.memory.observations['musterstadt.example'] = [shown('10 mx1.landesnetz.example.')];
    await expect(plan(engine, without(planned, ...settling))).resolves.toBeDefined();
  });
});

test('an MX at the municipality that would name another server is asked about, too', async () => {
  const engine = standing(2, stage2);
  const [example] = migrationGate.example.moves;
  const move = { ...example, to: 'mial.musterstadt.example' };
  engine.memory.observations['musterstadt.example'] = [shown('10 mail.musterstadt.example.')];
  engine.memory.mailHosts['mial.musterstadt.example'] = [];
  const planned = gate(2, stage2, { moves: [move as Gate['moves'][number]] });
  await expect(plan(engine, planned)).rejects.toThrow(/\[gate-way-back\]/);
});
