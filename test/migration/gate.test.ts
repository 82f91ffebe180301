import { desiredState } from '../../lib/migration/desired-state.js';
import { after, at, doppelstadt, musterstadt, platform, withdrawn } from './examples.js';

const holdOf = (id: string, kept: typeof musterstadt.kept, stage: 0 | 1 | 2 | 3 = 1) =>
  desiredState({ ...at(stage), kept }, platform).gate.holds.find((hold) => hold.id === id);

test('the gate carries the evidence of the edge into the stage, what is missing as null', () => {
  const bare = { ...musterstadt, order: { reference: 'EGM-2025-0001' } };
  expect(desiredState(at(0, bare), platform).gate.evidence).toEqual({});
  expect(desiredState(at(1, bare), platform).gate.evidence).toEqual({ 'order.approvedOn': null });
  expect(desiredState(at(2), platform).gate.evidence).toEqual({ connectionTestPassedOn: '2025-02-10' });
  expect(Object.entries(desiredState(at(3, doppelstadt), platform).gate.evidence)).toEqual([
    ['domains[doppelstadt.example].ndb.reference', 'NDB-18'],
    ['domains[doppelstadt.example].ndb.reportedOn', '2025-03-01'],
    ['domains[stadt.example].ndb.reference', 'NDB-17'],
    ['domains[stadt.example].ndb.reportedOn', '2025-03-01'],
  ]);
  expect(desiredState(at(4), platform).gate.evidence).toEqual({
    'domains[musterstadt.example].ndb.confirmedOn': '2025-03-08',
    outgoingTestPassedOn: '2025-04-01',
    forwarding: 'none',
  });
  const forwarding = ['verein.example', 'verband.example'];
  expect(desiredState(at(4, { ...bare, forwarding }), platform).gate.evidence).toMatchObject({
    forwarding: 'verein.example, verband.example',
  });
  expect(desiredState(at(4, { ...bare, forwarding: undefined }), platform).gate.evidence).toMatchObject({
    forwarding: null,
  });
});

test('a name that users forward is declared as long as the servers may send', () => {
  const forwarding = ['verein.example'];
  const declares = (m: typeof musterstadt) => desiredState(m, platform).gate.declares;
  expect(declares({ ...at(4), forwarding })).toContain('forwarding:verein.example');
  expect(declares({ ...at(3), forwarding })).not.toContain('forwarding:verein.example');
  expect(declares({ ...at(4), forwarding: undefined }).join()).not.toContain('forwarding:');
});

test('the confirmed withdrawal goes with what lets go of the NdB, and changes no plan before', () => {
  const gate = (m: typeof musterstadt) => desiredState(m, platform).gate.withdrawn;
  const kept = [{ stage: 3 as const, since: after(-9), until: after(-1) }];
  expect(gate({ ...withdrawn(at(2)), kept })).toBeUndefined();
  expect(gate(withdrawn(at(3)))).toBeUndefined();
  expect(gate(withdrawn(at(2)))).toEqual({ 'musterstadt.example': '2025-06-01' });
  expect(gate(at(2))).toBeUndefined();
});

test('a domain that nothing routes, and whose route may have left a lock, is named to the gate, in the order of their names', () => {
  const gate = (m: typeof musterstadt) => desiredState(m, platform).gate.unrouted;
  const kept = [{ stage: 2 as const, since: after(0), until: after(9) }];
  expect(gate({ ...at(1, doppelstadt), kept })).toBeUndefined();
  expect(gate({ ...at(1, doppelstadt), kept: [] })).toEqual([
    { relay: 'relay1', domain: 'doppelstadt.example' },
    { relay: 'relay1', domain: 'stadt.example' },
  ]);
});

describe('the time after an edge', () => {
  const settling = { since: after(0), until: after(30) };
  const gateOf = (m: typeof musterstadt) => desiredState({ ...m, settling }, platform).gate;

  test('is held like an element, so that it ends by the register’s clock', () => {
    const { declares, holds } = gateOf({ ...at(2), outgoingTestPassedOn: undefined });
    expect(holds).toEqual([{ id: 'settling:musterstadt', ...settling }]);
    expect(declares).toContain('settling:musterstadt');
    expect(declares).toEqual([...declares].sort());
  });

  test('ends with the last route', () => {
    expect(gateOf(at(1)).holds).toEqual([]);
    const kept = [{ stage: 2 as const, since: after(0), until: after(100) }];
    expect(gateOf({ ...at(1), kept }).holds).toContainEqual({ id: 'settling:musterstadt', ...settling });
  });

  test('is counted anew when the MX moves, which is later than its stage begins', () => {
    expect(gateOf(at(4)).holds.map(({ id }) => id)).toEqual([
      'settling:musterstadt',
      'settling:musterstadt/mx',
    ]);
  });

  test('is not that of an MX which has not moved, whatever an earlier edge left in the file', () => {
    const [tested, kept] = [at(3), [{ stage: 4 as const, since: after(0), until: after(100) }]];
    expect(tested.outgoingTestPassedOn).toBeDefined();
    expect(gateOf(tested).holds.map(({ id }) => id)).toEqual(['settling:musterstadt']);
    expect(gateOf({ ...tested, kept }).holds.map(({ id }) => id)).toContain('settling:musterstadt/mx');
  });
});

test('the decision of a person about the way back goes with the gate', () => {
  const wayBackDespite = { reference: 'FS-2025-0002', on: '2025-06-01' };
  expect(desiredState(at(3, { ...musterstadt, wayBackDespite }), platform).gate.wayBackDespite).toBe(
    '2025-06-01 FS-2025-0002',
  );
  expect(desiredState(at(3), platform).gate).not.toHaveProperty('wayBackDespite');
});

describe('an id is held', () => {
  const three = { stage: 3 as const, since: after(0), until: after(100) };
  const two = { stage: 2 as const, since: after(50), until: after(150) };
  const route = 'relay_route:relay1/musterstadt.example';
  const ndb = 'relay_acceptance:relay1/musterstadt.example/ndb';

  test('by the entry that ends last, if several hold it, in whatever order they stand', () => {
    expect(holdOf(route, [three, two])).toEqual({ id: route, since: two.since, until: two.until });
    expect(holdOf(route, [two, three])).toEqual({ id: route, since: two.since, until: two.until });
    expect(holdOf(ndb, [two, three])).toEqual({ id: ndb, since: three.since, until: three.until });
  });

  test.each([after(0), after(50)])(
    'if two end together, by that of the lower stage, from its own beginning on: %s',
    (since) => {
      const lower = { ...two, since, until: three.until };
      expect(holdOf(route, [three, lower])?.since).toBe(since);
      expect(holdOf(route, [lower, three])?.since).toBe(since);
      expect(holdOf(ndb, [lower, three])?.since).toBe(three.since);
    },
  );

  test('of the same stage by the longer one', () => {
    const longer = { ...three, since: after(-50), domain: 'musterstadt.example' };
    expect(holdOf(ndb, [three, longer])?.since).toBe(longer.since);
    expect(holdOf(ndb, [longer, three])?.since).toBe(longer.since);
  });

  test('with a replaced server that ends together with a stage, by both', () => {
    const server = { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] };
    const replaced = { server, since: after(10), until: three.until };
    const inward = 'dnat_rule:gw1/ln0/10.128.0.9/tcp/25';
    expect(holdOf(inward, [three, replaced])?.since).toBe(replaced.since);
    expect(holdOf(ndb, [replaced, three])?.since).toBe(three.since);
  });

  test('only if it is declared: not a row that comes when the server that is replaced has gone', () => {
    const inside = '192.168.10.4';
    const joins = { inside, transfer: '10.128.0.8', ports: [25], joinedOn: '2025-03-01' };
    const kept = [
      { server: { inside, transfer: '10.128.0.9', ports: [25] }, since: after(0), until: after(70) },
      { stage: 4 as const, since: after(0), until: after(160) },
    ];
    const m = { ...at(3), servers: [...musterstadt.servers, joins], kept };
    const { declares, holds } = desiredState(m, platform).gate;
    expect(holds.map(({ id }) => id).filter((id) => !declares.includes(id))).toEqual([]);
    expect(holds.map(({ id }) => id).join()).not.toContain('10.128.0.8-10.64.0.12');
  });

  test('until the first goes, if it needs two entries: a replaced server as client of the relay', () => {
    const server = { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] };
    const kept = [
      { server, since: after(0), until: after(70) },
      { stage: 4 as const, since: after(0), until: after(160) },
    ];
    expect(holdOf('relay_client:relay1/10.128.0.9', kept, 3)?.until).toBe(after(70));
    expect(holdOf('relay_client:relay1/10.128.0.1', kept, 3)?.until).toBe(after(160));
  });
});
