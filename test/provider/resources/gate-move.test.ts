import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import { migrationStage } from '../../../lib/provider/resources/migration-stage.js';
import { Engine } from '../engine.js';
import { gate, plan, put, shown, stage2, standing } from './gate-standing.js';

describe('the deploy that moves an MX', () => {
  const [example] = migrationGate.example.moves;
  const towards = (side: 'relay' | 'municipality') => {
    if (!example) throw new Error('the example has no move');
    const { to, from } = example;
    return side === 'relay' ? { ...example, towards: side, to: from, from: to } : example;
  };
  const standingWith = (data: string): Engine => {
    const engine = standing(4, stage2);
    engine.memory.observations['musterstadt.example'] = [shown(data)];
    return engine;
  };
  const moving = gate(4, stage2, { moves: [towards('relay')] });
  const old = '10 mail.musterstadt.example.';
  const refusing = (address: string, code: number) => [
    {
      address,
      recipients: [{ recipient: 'postmaster@musterstadt.example', code, text: '' }],
      certificates: [],
      untrusted: undefined,
    },
  ];

  test('is refused while planning, by each rule that has something against it', async () => {
    const engine = standingWith(old);
    engine.memory.mailHosts['mx1.landesnetz.example'] = refusing('203.0.113.10', 451);
    await expect(plan(engine, moving)).rejects.toThrow(
      /\[gate-relay-routes\]\n.*\[gate-relay-accepts\]\n[^]*\[gate-ttl-aged\]/,
    );
  });

  test('is no longer asked once every server shows the relay', async () => {
    const engine = standingWith('10 mx1.landesnetz.example.');
    await expect(plan(engine, moving)).resolves.toBeDefined();
  });

  test('is asked again as long as a server does not show the relay, though nothing else changes', async () => {
    const engine = standingWith('10 mx1.landesnetz.example.');
    const resource = engine.resource(migrationGate);
    await resource.deploy(moving);
    expect((await resource.plan(moving)).action).toBe('no-op');
    engine.memory.observations['musterstadt.example'] = [shown(old)];
    await expect(resource.plan(moving)).rejects.toThrow(/\[gate-ttl-aged\]/);
  });

  test('back is refused while the old server does not take its mail', async () => {
    const engine = standingWith('10 mx1.landesnetz.example.');
    engine.memory.mailHosts['mail.musterstadt.example'] = refusing('198.51.100.25', 550);
    const wayBack = gate(3, stage2, { moves: [towards('municipality')] });
    await expect(plan(engine, wayBack)).rejects.toThrow(/\[gate-way-back\]/);
    engine.memory.mailHosts = {};
    await expect(plan(engine, wayBack)).resolves.toBeDefined();
  });

  describe('back, while no server says anything', () => {
    const silent = { ...shown(''), authoritative: false, ttl: 0, problem: 'no answer within 3 s' };
    const internet = 'relay_acceptance:relay1/musterstadt.example/internet';
    const since = '2026-02-01T00:00:00Z';
    const held = [{ id: internet, since, until: since, recordedAt: since }];
    const standingAt = (stage: number, holds: typeof held, last?: string): Engine => {
      const engine = standing(stage, [...stage2, internet], holds);
      engine.memory.observations['musterstadt.example'] = [silent];
      engine.memory.mailHosts['mail.musterstadt.example'] = refusing('198.51.100.25', 550);
      if (last !== undefined)
        put(engine, 'register', {
          map: 'observations',
          key: ['musterstadt.example', 'MX', silent.server],
          value: ['aa', last, '300', since, since, 'ops', '', '', '3600', since],
        });
      return engine;
    };
    const wayBack = gate(3, [...stage2, internet], { holds: held, moves: [towards('municipality')] });
    const atRelay = '10 mx1.landesnetz.example.';

    test.each([
      ['the MX was seen at the relay last', standingAt(3, held, atRelay)],
      ['the edge back is not through, whatever was seen before it', standingAt(4, [], old)],
    ])('the old server is asked if %s', async (_, engine) => {
      await expect(plan(engine, wayBack)).rejects.toThrow(/\[gate-way-back\]/);
    });

    test.each([
      ['the MX was seen back last', standingAt(3, held, old)],
      ['the MX was never at the relay', standingAt(3, held)],
    ])('it is not if %s: going back waits for nobody', async (_, engine) => {
      await expect(plan(engine, wayBack)).resolves.toBeDefined();
    });
  });

  test('back all the same, by a decision that counts now: it is a warning, and recorded', async () => {
    const engine = standingWith('10 mx1.landesnetz.example.');
    engine.memory.mailHosts['mail.musterstadt.example'] = refusing('198.51.100.25', 550);
    const decided = (wayBackDespite: string) =>
      gate(3, stage2, { moves: [towards('municipality')], wayBackDespite });
    for (const day of ['2026-02-27', '2026-03-03'])
      await expect(plan(engine, decided(`${day} FS-1`))).rejects.toThrow(/\[gate-way-back\]/);
    const resource = engine.resource(migrationGate);
    for (const day of ['2026-02-28', '2026-03-01']) await resource.deploy(decided(`${day} FS-1`));
    expect(resource.warnings).toEqual(['gate-way-back']);
    expect(engine.memory.elements['register']?.filter(({ map }) => map === 'overrides')).toMatchObject([
      { key: ['musterstadt', '2026-02-28', 'FS-1'], value: ['2026-03-01T12:00:00Z'] },
      { key: ['musterstadt', '2026-03-01', 'FS-1'], value: ['2026-03-01T12:00:00Z'] },
    ]);
    await expect(plan(engine, decided('tomorrow FS-1'))).rejects.toThrow(/\[check\]|\[.*\]/);
  });

  test('what the servers show is recorded when an edge begins and when it is recorded', async () => {
    const engine = standingWith(old);
    const staying = gate(4, stage2, { moves: [towards('municipality')] });
    const evidence = () => engine.memory.elements['register']?.filter(({ map }) => map === 'observations');
    await engine.resource(migrationGate).plan(staying);
    expect(evidence()).toEqual([]);
    await engine.resource(migrationGate).deploy(staying);
    const first = [
      'aa',
      old,
      '300',
      '2026-03-01T12:00:00Z',
      '2026-03-01T12:00:00Z',
      'ops',
      '',
      '',
      '3600',
      '2026-03-01T12:00:00Z',
    ];
    expect(evidence()).toMatchObject([{ key: ['musterstadt.example', 'MX', '192.0.2.53'], value: first }]);
    engine.memory.observations['musterstadt.example'] = [{ ...shown(old, 60), at: '2026-03-01T12:01:00Z' }];
    await engine
      .resource(migrationStage)
      .deploy({ ...migrationStage.example, stage: 4, declares: [...stage2] });
    expect(evidence()).toMatchObject([
      {
        value: [
          'aa',
          old,
          '60',
          '2026-03-01T12:01:00Z',
          '2026-03-01T12:01:00Z',
          'ops',
          old,
          '2026-03-02T12:00:00Z',
          '3600',
          '2026-03-01T12:00:00Z',
        ],
      },
    ]);
  });
});
