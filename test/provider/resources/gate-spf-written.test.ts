import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import type { Engine } from '../engine.js';
import { gate, plan, shown, stage2, standing, type Gate } from './gate-standing.js';

// What a deploy writes into SPF while no MX moves.

const [example] = migrationGate.example.moves;
const live = 'v=spf1 include:_spf.hoster.example -all';
const wanted = `v=spf1 ip4:203.0.113.10 include:_spf.relay.example include:_spf.hoster.example -all`;

function engineWith(lookUps: { now: number; then: number }, spf = live): Engine {
  const engine = standing(3, stage2);
  engine.memory.observations['musterstadt.example'] = [
    shown('10 mail.musterstadt.example.'),
    { ...shown(spf), type: 'SPF' },
  ];
  engine.memory.spfLookUps = { 'musterstadt.example': lookUps.now, [wanted]: lookUps.then };
  return engine;
}

const writing = (stage: number, spfWritten: string, more: Partial<Gate> = {}): Gate =>
  gate(stage, stage2, { moves: [{ ...example, spfWritten } as Gate['moves'][number]], ...more });

test('a record that receivers give up on is not written', async () => {
  await expect(plan(engineWith({ now: 9, then: 11 }), writing(3, wanted))).rejects.toThrow(
    /^The SPF record that this deploy writes for musterstadt\.example asks too much of receivers \[gate-spf-limits\]$/,
  );
});

test.each([
  ['that they can read', { now: 9, then: 10 }, live],
  ['that asks no more than the one that is there', { now: 11, then: 11 }, live],
  ['that is there already', { now: 9, then: 11 }, wanted],
])('one %s is', async (_, lookUps, spf) => {
  await expect(plan(engineWith(lookUps, spf), writing(3, wanted))).resolves.toBeDefined();
});

test('on the way back it is warned of', async () => {
  const engine = engineWith({ now: 9, then: 11 });
  const resource = engine.resource(migrationGate);
  await resource.plan(writing(2, wanted));
  expect(resource.warnings).toEqual(['gate-spf-limits']);
});

test('who takes a sender out while the MX names his servers is warned', async () => {
  const engine = engineWith({ now: 1, then: 1 });
  const resource = engine.resource(migrationGate);
  await resource.plan(writing(3, 'v=spf1 -all'));
  expect(resource.warnings).toEqual(['senders-leave-spf']);
});
