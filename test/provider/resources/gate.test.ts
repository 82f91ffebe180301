import type { Config } from '../../../lib/provider/definition.js';
import { UnreachableError, type Element } from '../../../lib/provider/element.js';
import { dnatRule } from '../../../lib/provider/resources/dnat-rule.js';
import { firewallOpening } from '../../../lib/provider/resources/firewall-opening.js';
import { queued, quietQueue, recordQueues } from '../../../lib/provider/resources/gate-queue.js';
import type { Edge } from '../../../lib/provider/resources/gate-rule.js';
import { gateRules } from '../../../lib/provider/resources/gate-rules.js';
import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import { migrationStage } from '../../../lib/provider/resources/migration-stage.js';
import { relayAcceptance } from '../../../lib/provider/resources/relay-acceptance.js';
import { relayRoute } from '../../../lib/provider/resources/relay-route.js';
import { formatHolds, type RecordedHold } from '../../../lib/provider/resources/reached.js';
import { memoryFarEnds, storeOf } from '../memory-far-ends.js';
import { Engine, type Resource } from '../engine.js';
import { quietEdge } from './quiet-edge.js';

type Gate = Config<typeof migrationGate.attributes>;
type Stage = Config<typeof migrationStage.attributes>;

const owner = '15084490';
const nat = 'dnat_rule:gw1/ln0/10.128.0.1/tcp/25';
const opening = 'firewall_opening:gw1/ln0/10.64.0.10/10.128.0.1/tcp/25';
const row = 'matrix_entry:15084490/10.64.0.10-10.128.0.1-tcp-25';
const route = 'relay_route:relay1/musterstadt.example';
const internal = 'relay_acceptance:relay1/musterstadt.example/internal';
const stage1 = [nat, opening, row, 'mx:musterstadt.example'];
const stage2 = [...stage1, route, internal];

const gate = (stage: number, declares: string[], more: Partial<Gate> = {}): Gate => ({
  municipality: 'musterstadt',
  owner,
  stage,
  evidence: {},
  declares,
  holds: [],
  moves: [],
  ...more,
});

/** A register that says what was reached. */
function standing(stage: number, declares: string[] = [], holds: RecordedHold[] = []): Engine {
  const engine = new Engine();
  const at = { key: ['musterstadt'], owner, instance: 'a' };
  engine.memory.elements['register'] = [
    { ...at, map: 'stages', value: [String(stage), '2026-02-01T00:00:00Z', ''] },
    { ...at, map: 'declares', value: declares },
    { ...at, map: 'holds', value: formatHolds(holds) },
  ];
  return engine;
}

const plan = (engine: Engine, config: Gate) => engine.resource(migrationGate).plan(config);

/** With a state that knows what was deployed before. */
function planOn(engine: Engine, config: Gate) {
  const resource = engine.resource(migrationGate);
  resource.state = { municipality: 'musterstadt', id: 'musterstadt', instance: 'a' };
  return resource.plan(config);
}

const put = (engine: Engine, at: string, element: Omit<Element, 'owner'>) =>
  (engine.memory.elements[at] ??= []).push({ owner, ...element });

const [allow] = firewallOpening.elements(firewallOpening.example);

describe('one edge at a time', () => {
  test.each([
    [0, 1],
    [1, 1],
    [1, 0],
    [3, 4],
  ])('from %i to %i is planned', async (from, to) => {
    await expect(plan(standing(from), gate(to, []))).resolves.toMatchObject({ action: 'create' });
  });

  test.each([
    [0, 2],
    [2, 4],
    [3, 1],
    [4, 0],
  ])('from %i to %i is refused', async (from, to) => {
    await expect(plan(standing(from), gate(to, []))).rejects.toThrow(/\[gate-one-step\]/);
  });

  test('a municipality of which nothing was recorded stands at 0', async () => {
    await expect(plan(new Engine(), gate(1, []))).resolves.toBeDefined();
    await expect(plan(new Engine(), gate(2, []))).rejects.toThrow(/stands at stage 0/);
  });

  test('is looked at again when the apply begins: a saved plan has aged', async () => {
    const engine = standing(1, stage1);
    const resource = engine.resource(migrationGate);
    const { planned } = await resource.plan(gate(2, stage2));
    engine.memory.elements['register'] = standing(0).memory.elements['register'] ?? [];
    await expect(resource.apply(null, planned, gate(2, stage2))).rejects.toThrow(/\[gate-one-step\]/);
    expect(resource.state).toBeNull();
  });

  test('as long as the edge is not finished, every plan asks the gate again', async () => {
    const engine = standing(1, stage1);
    const resource = engine.resource(migrationGate);
    await resource.deploy(gate(2, stage2));
    expect(resource.state).toMatchObject({ edge: '1-2' });
    expect((await resource.plan(gate(2, stage2))).action).toBe('update');
    engine.memory.elements['register'] = standing(2, stage2).memory.elements['register'] ?? [];
    expect((await resource.plan(gate(2, stage2))).action).toBe('no-op');
  });

  test('the record goes one step too, whoever comes without the gate', async () => {
    const record: Stage = { ...migrationStage.example, stage: 3 };
    await expect(standing(1).resource(migrationStage).plan(record)).rejects.toThrow(/\[gate-one-step\]/);
  });
});

describe('evidence', () => {
  const missing = { evidence: { connectionTestPassedOn: '', 'order.approvedOn': '2025-03-01' } };

  test('missing, the edge forward is refused by its name', async () => {
    await expect(plan(standing(1), gate(2, [], missing))).rejects.toThrow(
      /connectionTestPassedOn is missing \[gate-evidence\]/,
    );
  });

  test.each([
    ['staying', 2],
    ['going back', 3],
  ])('%s needs none', async (_, from) => {
    await expect(plan(standing(from), gate(2, [], missing))).resolves.toBeDefined();
  });
});

describe('evidence from the future', () => {
  const facts = (day: string) => ({ evidence: { connectionTestPassedOn: day, 'ndb.reference': 'NDB-2099' } });

  test('refuses the edge forward by its name', async () => {
    await expect(plan(standing(1), gate(2, [], facts('2026-03-03')))).rejects.toThrow(
      /what has not happened yet \[gate-evidence-future\]/,
    );
  });

  test('is none where the day has begun somewhere', async () => {
    await expect(plan(standing(1), gate(2, [], facts('2026-03-02')))).resolves.toBeDefined();
    await expect(plan(standing(2), gate(2, [], facts('2026-03-03')))).resolves.toBeDefined();
  });
});

describe('an approval that has ended', () => {
  const expired = (stage: number): Engine => {
    const engine = standing(stage, stage1);
    put(engine, 'gateway gw1', { ...(allow as Element), order: 'OZG-1~2026-02-28' });
    return engine;
  };

  test('refuses every edge forward', async () => {
    await expect(plan(expired(1), gate(2, stage2))).rejects.toThrow(/\[gate-expired\]/);
  });

  test('refuses neither staying nor going back', async () => {
    await expect(plan(expired(1), gate(1, stage1))).resolves.toBeDefined();
    await expect(planOn(expired(1), gate(0, []))).resolves.toBeDefined();
  });

  test('refuses the first edge too, by what the file says', async () => {
    const planned = { validUntil: '2026-02-28' };
    await expect(plan(standing(0), gate(1, stage1, planned))).rejects.toThrow(/\[gate-expired\]/);
    await expect(plan(standing(1, stage1), gate(1, stage1, planned))).resolves.toBeDefined();
  });

  test('holds to the end of its last day', async () => {
    const engine = expired(1);
    engine.memory.now = '2026-02-28T23:59:59Z';
    await expect(plan(engine, gate(2, stage2))).resolves.toBeDefined();
  });
});

describe('an edge that was begun and not finished', () => {
  const begun = (): Engine => {
    const engine = standing(1, stage1);
    put(engine, 'relay relay1', {
      map: 'transport',
      key: ['musterstadt.example'],
      value: ['[10.128.0.1]:25=may'],
    });
    return engine;
  };

  test('may be finished, and gone back from', async () => {
    await expect(planOn(begun(), gate(2, stage2))).resolves.toBeDefined();
    await expect(planOn(begun(), gate(1, stage1))).resolves.toBeDefined();
  });

  test('refuses another one', async () => {
    const engine = standing(
      1,
      stage2.filter((id) => id !== route),
    );
    put(engine, 'relay relay1', {
      map: 'transport',
      key: ['musterstadt.example'],
      value: ['[10.128.0.1]:25=may'],
    });
    await expect(
      planOn(
        engine,
        gate(
          0,
          stage2.filter((id) => id !== route),
        ),
      ),
    ).rejects.toThrow(/\[gate-unfinished-edge\]/);
  });

  test('of another municipality is none of this one', async () => {
    const engine = standing(
      1,
      stage2.filter((id) => id !== route),
    );
    put(engine, 'relay relay1', {
      map: 'transport',
      key: ['other.example'],
      value: [],
      ...{ owner: '15000001' },
    });
    await expect(
      planOn(
        engine,
        gate(
          0,
          stage2.filter((id) => id !== route),
        ),
      ),
    ).resolves.toBeDefined();
  });
});

describe('kept', () => {
  const hold: RecordedHold = {
    id: internal,
    since: '2026-02-20T00:00:00Z',
    until: '2026-02-25T00:00:00Z',
    recordedAt: '2026-02-20T00:00:00Z',
  };
  const away = gate(1, stage1.concat(route));

  test('before its time it stays', async () => {
    const engine = standing(1, stage2, [hold]);
    engine.memory.now = '2026-02-24T23:59:59Z';
    await expect(planOn(engine, away)).rejects.toThrow(/until 2026-02-25T00:00:00Z \[gate-kept\]/);
  });

  test('after its time it may go', async () => {
    const engine = standing(1, stage2, [hold]);
    const silent = { key: ['musterstadt', internal], value: ['-', hold.since, hold.since] };
    put(engine, 'register', { map: 'silence', ...silent });
    await expect(planOn(engine, away)).resolves.toBeDefined();
  });

  test.each([
    ['an earlier end', { ...hold, until: '2026-02-20T00:00:00Z' }, true],
    ['a later beginning with the same end', { ...hold, since: '2026-02-22T00:00:00Z' }, false],
    ['a later end', { ...hold, until: '2026-02-26T00:00:00Z' }, false],
    ['nothing changed', hold, false],
  ])('%s in the file: only a longer time is planned', async (_, { id, since, until }, refused) => {
    const engine = standing(1, stage2, [hold]);
    engine.memory.now = '2026-02-21T00:00:00Z';
    const planned = plan(engine, gate(1, stage2, { holds: [{ id, since, until }] }));
    await (refused
      ? expect(planned).rejects.toThrow(/\[gate-kept-shortened\]/)
      : expect(planned).resolves.toBeDefined());
  });

  test('its time over, or in force again, the entry may say what it likes', async () => {
    const engine = standing(1, stage2, [hold]);
    const earlier = { id: internal, since: hold.since, until: hold.since };
    await expect(plan(engine, gate(1, stage2, { holds: [earlier] }))).resolves.toBeDefined();
    engine.memory.now = '2026-02-21T00:00:00Z';
    await expect(plan(engine, gate(2, stage2))).resolves.toBeDefined();
  });

  test('recorded late, its time is counted from the recording', async () => {
    const engine = standing(1, stage2, [{ ...hold, recordedAt: '2026-02-26T00:00:00Z' }]);
    await expect(planOn(engine, away)).rejects.toThrow(/until 2026-03-03T00:00:00Z \[gate-kept\]/);
  });

  test.each([
    ['going back', 1, /npx mailversand stage musterstadt 1/],
    ['staying, with a server replaced', 2, /npx mailversand server/],
  ])('%s: what carries mail may not go without having been kept', async (_, stage, remedy) => {
    const engine = standing(2, stage2);
    const rule = gateRules.find(({ id }) => id === 'gate-kept-missing');
    await expect(planOn(engine, gate(stage, stage1.slice(1).concat(route, internal)))).rejects.toThrow(
      /\[gate-kept-missing\]/,
    );
    const [diagnostic] =
      rule?.check({
        ...quietEdge,
        municipality: 'musterstadt',
        stage,
        declares: new Set(stage === 2 ? stage2.slice(1) : stage1),
        reached: { recorded: true, stage: 2, declares: new Set(stage2), holds: [] },
        now: new Date(),
      }) ?? [];
    expect(diagnostic?.detail).toMatch(remedy);
  });

  test('what is only ordered or reported goes at once', async () => {
    const kept = stage2.filter((id) => id !== row && !id.startsWith('mx:'));
    await expect(planOn(standing(2, stage2), gate(1, kept))).resolves.toBeDefined();
  });

  test('before the first route nothing has carried mail', async () => {
    await expect(planOn(standing(1, stage1), gate(0, []))).resolves.toBeDefined();
  });
});

describe('what an edge rests on', () => {
  const withRoute = (engine: Engine): Engine => {
    put(engine, 'relay relay1', {
      map: 'transport',
      key: ['musterstadt.example'],
      value: ['[10.128.0.1]:25=may'],
    });
    return engine;
  };

  test.each([
    [0, []],
    [1, stage1],
    [2, stage2],
  ])('a lost register refuses stage %i while mail flows', async (stage, declares) => {
    await expect(plan(withRoute(new Engine()), gate(stage, declares))).rejects.toThrow(
      /\[gate-register-lost\]/,
    );
  });

  test('an edge 0 to 1 that was interrupted is no lost register', async () => {
    const engine = new Engine();
    put(engine, 'gateway gw1', allow as Element);
    await expect(plan(engine, gate(1, stage1))).resolves.toBeDefined();
  });

  test('a file with another name is refused while the register has something under the old one', async () => {
    const renamed = { ...gate(2, stage2), municipality: 'neuname' };
    await expect(plan(standing(2, stage2), renamed)).rejects.toThrow(/\[gate-other-name\]/);
    await expect(plan(standing(0), { ...renamed, stage: 1, declares: stage1 })).resolves.toBeDefined();
  });

  test('a state that knows nothing takes nothing away', async () => {
    await expect(plan(standing(1, stage1), gate(0, []))).rejects.toThrow(/\[gate-state-lost\]/);
    await expect(plan(standing(1, stage1), gate(1, stage1))).resolves.toBeDefined();
    await expect(planOn(standing(1, stage1), gate(0, []))).resolves.toBeDefined();
  });
});

describe('what is still in use', () => {
  test.each([
    ['a route while mail waits for it', route, { queue: { 'musterstadt.example': 1 } }],
    [
      'a route while the MX is the relay',
      route,
      { mx: { 'musterstadt.example': ['ns1 answers with the relay'] } },
    ],
    [
      'acceptance from the Internet while the MX is the relay',
      'relay_acceptance:relay1/musterstadt.example/internet',
      { mx: { 'musterstadt.example': ['ns1 answers with the relay'] } },
    ],
  ])('%s is refused while planning', async (_, id, inUse) => {
    const held = {
      id,
      since: '2026-01-01T00:00:00Z',
      until: '2026-01-02T00:00:00Z',
      recordedAt: '2026-01-01T00:00:00Z',
    };
    const engine = standing(1, [...stage1, id], [held]);
    await engine.resource(relayRoute).deploy(relayRoute.example);
    await engine.resource(relayAcceptance).deploy({ ...relayAcceptance.example, class: 'internet' });
    Object.assign(engine.memory, inUse);
    await expect(planOn(engine, gate(1, stage1))).rejects.toThrow(/\[gate-in-use\]/);
  });
});

describe('mail that waits at the relay', () => {
  const waiting = (count: number, limit = 100): Engine => {
    const engine = standing(2, stage2);
    engine.memory.queue['musterstadt.example'] = count;
    engine.memory.limits = { ...engine.memory.limits, queueLimit: limit };
    return engine;
  };

  test('above the limit refuses an edge forwards', async () => {
    await expect(plan(waiting(101), gate(3, stage2))).rejects.toThrow(
      /relay1 holds mail for 101 recipients of musterstadt.example, 0 of them deferred \[gate-queue\]/,
    );
    await expect(plan(waiting(1, 0), gate(3, stage2))).rejects.toThrow(/\[gate-queue\]/);
  });

  test.each([
    ['an edge forwards', 3],
    ['a deploy of the same stage', 2],
  ])('below it is shown before %s', async (_, stage) => {
    const resource = waiting(100).resource(migrationGate);
    await resource.plan(gate(stage, stage2));
    expect(resource.warnings).toEqual(['gate-queue']);
  });

  describe('and was deferred', () => {
    const grown = async (now: number[], stage = 3) => {
      const { memory } = waiting(9);
      const farEnds = memoryFarEnds(storeOf(memory));
      memory.deferred = { 'musterstadt.example': [2] };
      await recordQueues(owner, stage2, farEnds);
      memory.deferred = { 'musterstadt.example': now };
      const edge = {
        waiting: await queued(stage2, true, farEnds, [], () => Promise.resolve()),
        queueLimit: 100,
      };
      return quietQueue.check({ ...edge, forwards: stage === 3 } as unknown as Edge);
    };

    test('more than when the stage was recorded, and does not become less: refused', async () => {
      const [refused] = await grown([4]);
      expect(refused).toMatchObject({
        severity: 'error',
        summary:
          'relay1 holds mail for 9 recipients of musterstadt.example, 4 of them deferred, 2 at 2026-03-01T12:00:00Z',
      });
    });

    test.each([
      ['becomes less', [4, 4, 3], 3],
      ['is no more than then', [2], 3],
      ['is more, and no edge follows', [4], 2],
    ])('%s: shown', async (_, now, stage) => {
      expect((await grown(now, stage)).map(({ severity }) => severity)).toEqual(['warning']);
    });

    test('is recorded with the stage, unless the relay cannot be asked', async () => {
      const engine = standing(1, stage1);
      engine.memory.deferred = { 'musterstadt.example': [3] };
      const { municipality, stage, declares, holds } = gate(2, stage2);
      const record: Stage = {
        municipality,
        owner,
        stage,
        declares,
        holds,
        digest: migrationStage.example.digest,
      };
      await engine.resource(migrationStage).deploy(record);
      const rows = engine.memory.elements['register'] ?? [];
      expect(rows.filter(({ map }) => map === 'queues')).toEqual([
        { map: 'queues', key: ['musterstadt.example'], value: ['3', '2026-03-01T12:00:00Z'], owner },
      ]);
      const away = {
        ...memoryFarEnds(storeOf(engine.memory)),
        deferred: () => Promise.reject(new UnreachableError('relay1')),
      };
      await expect(recordQueues(owner, stage2, away)).resolves.toBeUndefined();
    });
  });

  test('stops neither staying nor going back', async () => {
    await expect(plan(waiting(101), gate(2, stage2))).resolves.toBeDefined();
    await expect(plan(waiting(101), gate(1, stage2))).resolves.toBeDefined();
  });
});

describe('a relay that does not answer', () => {
  const dead = (stage: number, declares: string[]): Engine => {
    const engine = standing(stage, declares);
    engine.memory.unreachable = ['relay relay1'];
    return engine;
  };

  test('does not stop going back or staying, and is warned of', async () => {
    for (const stage of [3, 4]) {
      const resource = dead(4, stage2).resource(migrationGate);
      await expect(resource.plan(gate(stage, stage2))).resolves.toBeDefined();
      expect(resource.warnings).toEqual(['gate-relay-silent']);
    }
  });

  test('stops going on', async () => {
    await expect(plan(dead(2, stage2), gate(3, stage2))).rejects.toThrow(/\[unreachable\]/);
  });

  test('is asked also where nothing names it: an edge may have died there', async () => {
    const engine = standing(1, stage1);
    engine.memory.elements['relay relay1'] = [
      { map: 'transport', key: ['musterstadt.example'], value: ['10.128.0.1:25:may'], owner },
    ];
    await expect(plan(engine, gate(0, []))).rejects.toThrow(/gate-unfinished-edge/);
  });

  test('that nothing of the municipality names is none of its business', async () => {
    await expect(plan(dead(0, []), gate(1, stage1))).resolves.toBeDefined();
  });

  test('a gateway stops going back too: it is no far end that died with the relay', async () => {
    const engine = standing(4, stage2);
    engine.memory.unreachable = ['gateway gw1'];
    await expect(plan(engine, gate(3, stage2))).rejects.toThrow(/\[unreachable\]/);
  });
});

describe('destroying', () => {
  const gone = (resource: Resource<typeof migrationGate.attributes>) => {
    resource.state = { municipality: 'musterstadt', id: 'musterstadt', instance: 'a' };
    return resource.plan(null);
  };

  test.each([
    ['at stage 1 with nothing kept is allowed', standing(1, stage1), false],
    ['at stage 2 is refused', standing(2, stage2), true],
    [
      'while something is kept is refused',
      standing(1, stage2, [{ id: route, since: '', until: '', recordedAt: '' }]),
      true,
    ],
  ])('%s', async (_, engine, refused) => {
    const planned = gone(engine.resource(migrationGate));
    await (refused
      ? expect(planned).rejects.toThrow(/\[gate-destroy\]/)
      : expect(planned).resolves.toBeDefined());
    const record = engine.resource(migrationStage);
    await record.import('musterstadt');
    const destroyed = record.plan(null);
    await (refused
      ? expect(destroyed).rejects.toThrow(/\[gate-destroy\]/)
      : expect(destroyed).resolves.toBeDefined());
  });
});

describe('the record', () => {
  const record: Stage = { ...migrationStage.example, stage: 2 };

  test('keeps when a hold was first recorded, whatever is recorded later, and in whichever state', async () => {
    const engine = standing(1, stage1);
    const resource = engine.resource(migrationStage);
    await resource.import('musterstadt');
    await resource.deploy(record);
    const first = resource.state?.['held_from'];
    expect(resource.state).toMatchObject({ recorded_at: '2026-03-01T12:00:00Z' });
    engine.memory.now = '2026-03-02T12:00:00Z';
    const lost = engine.resource(migrationStage);
    await lost.deploy({ ...record, declares: [] });
    expect(lost.state).toMatchObject({ recorded_at: '2026-03-02T12:00:00Z', held_from: first });
  });

  test('a stage recorded elsewhere shows as drift', async () => {
    const engine = standing(1, stage1);
    const resource = engine.resource(migrationStage);
    await resource.deploy({ ...record, stage: 1 });
    const stages = engine.memory.elements['register']?.find(({ map }) => map === 'stages');
    Object.assign(stages ?? {}, { value: ['0', '', ''] });
    await resource.refresh();
    expect(resource.state).toMatchObject({ stage: 0 });
  });
});

test('every rule of the gate has an id and says why', () => {
  for (const { id, why } of gateRules) {
    expect(id).toMatch(/^gate-/);
    expect(why).toMatch(/^[A-Z].*\.$/);
  }
});

test('a municipality’s NAT is named by its key', () => {
  expect(nat).toBe(`dnat_rule:${Object.values(dnatRule.example).slice(0, 5).join('/')}`);
});

describe('the deploy that moves an MX', () => {
  const [example] = migrationGate.example.moves;
  const towards = (side: 'relay' | 'municipality') => {
    if (!example) throw new Error('the example has no move');
    const { to, from } = example;
    return side === 'relay' ? { ...example, towards: side, to: from, from: to } : example;
  };
  const shown = (data: string, ttl = 300) => ({
    domain: 'musterstadt.example',
    type: 'MX' as const,
    server: '192.0.2.53',
    at: '2026-03-01T12:00:00Z',
    authoritative: true,
    data,
    ttl,
    problem: undefined,
  });
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

  test('back all the same, by a decision that counts now: it is a warning, and recorded', async () => {
    const engine = standingWith('10 mx1.landesnetz.example.');
    engine.memory.mailHosts['mail.musterstadt.example'] = refusing('198.51.100.25', 550);
    const decided = (wayBackDespite: string) =>
      gate(3, stage2, { moves: [towards('municipality')], wayBackDespite });
    for (const day of ['2026-02-27', '2026-03-02'])
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
    const first = ['aa', old, '300', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', 'ops', '', '', '3600'];
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
        ],
      },
    ]);
  });
});
