import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import type { Engine } from '../engine.js';
import { gate, put, settling, shown, stage2, standing, type Gate } from './gate-standing.js';

// An MX that a hoster moves when he finds the time, after a deploy has let it move.

const [example] = migrationGate.example.moves;
const move = { ...example, towards: 'relay', to: 'mx1.landesnetz.example', from: 'mail.musterstadt.example' };
const moves = [move as Gate['moves'][number]];
const instructed = 'mx_hoster:musterstadt.example';
const internet = 'relay_acceptance:relay1/musterstadt.example/internet';
const ndb = 'relay_acceptance:relay1/musterstadt.example/ndb';
const old = '10 mail.musterstadt.example.';

function engineWith(declares: string[], mx: string): Engine {
  const since = '2026-02-01T00:00:00Z';
  const holds = settling.map((id) => ({ id, since, until: '2026-02-02T00:00:00Z', recordedAt: since }));
  const engine = standing(4, [...declares, ...settling], holds);
  engine.memory.observations['musterstadt.example'] = [shown(mx)];
  return engine;
}

async function said(engine: Engine, planned: Gate): Promise<string[]> {
  const resource = engine.resource(migrationGate);
  resource.state = { municipality: 'musterstadt', id: 'musterstadt', instance: 'a' };
  await resource.plan(planned);
  return resource.warnings;
}

const planned = gate(4, [...stage2, instructed], { moves });

test('no later deploy is held up by it, also while the relay is down', async () => {
  const engine = engineWith([...stage2, instructed], old);
  expect(await said(engine, planned)).toEqual(['mx-awaited']);
  engine.memory.unreachable = ['relay relay1'];
  const withoutRelay = gate(4, ['mx:musterstadt.example', instructed], { moves });
  const register = engineWith(['mx:musterstadt.example', instructed], old).memory.elements['register'];
  engine.memory.elements['register'] = register ?? [];
  expect(await said(engine, withoutRelay)).toContain('mx-awaited');
});

test('the deploy that lets it move is asked everything', async () => {
  await expect(said(engineWith(stage2, old), planned)).rejects.toThrow(/\[gate-relay-routes\]/);
});

test('one that Dataport writes is asked again, however often it was let through', async () => {
  const written = gate(4, stage2, { moves });
  await expect(said(engineWith([...stage2, instructed], old), written)).rejects.toThrow(/\[gate-ttl-aged\]/);
});

test('its time of settling does not end before it has moved', async () => {
  const engine = engineWith([...stage2, instructed], old);
  const value = ['aa', old, '300', ...Array<string>(2).fill('2026-02-01T00:00:00Z'), 'ops', '', '', '0'];
  put(engine, 'register', {
    map: 'observations',
    key: ['musterstadt.example', 'MX', '192.0.2.53'],
    value: [...value, '2026-02-01T00:00:00Z'],
  });
  const ended = { ...planned, declares: planned.declares.filter((id) => !settling.includes(id)) };
  await expect(said(engine, ended)).rejects.toThrow(/\[gate-settled-early\]/);
});

test('an MX that goes back because the day was taken out, and not by an edge, is warned of', async () => {
  const back = gate(4, [...stage2, ndb, internet], { moves: [example as Gate['moves'][number]] });
  const engine = engineWith([...stage2, ndb, internet], '10 mx1.landesnetz.example.');
  expect(await said(engine, back)).toEqual(['mx-turns-back']);
  const edge = gate(3, [...stage2, ndb, internet], {
    moves: [example as Gate['moves'][number]],
    holds: [{ id: internet, since: '2026-03-01T12:00:00Z', until: '2026-03-06T12:00:00Z' }],
  });
  expect(await said(engine, edge)).toEqual([]);
});
