import type { Element } from '../../../lib/provider/element.js';
import { dnatRule } from '../../../lib/provider/resources/dnat-rule.js';
import { gateRules } from '../../../lib/provider/resources/gate-rules.js';
import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import { migrationStage } from '../../../lib/provider/resources/migration-stage.js';
import { Engine, type Resource } from '../engine.js';
import {
  allow,
  gate,
  internal,
  nat,
  plan,
  planOn,
  put,
  route,
  row,
  stage1,
  stage2,
  standing,
  type Stage,
} from './gate-standing.js';
import { quietEdge } from './quiet-edge.js';

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

  test.each([
    [
      4,
      2,
      'Go forward in musterstadt.yaml again, up to one step from there: npx mailversand stage musterstadt 3, d',
    ],
    [4, 1, 'npx mailversand stage musterstadt 2, npx mailversand stage musterstadt 3, deploy'],
    [
      1,
      3,
      'Write `stage: 1` into musterstadt.yaml again, and under kept what stood there then; from there npx mailversand stage musterstadt 2, deploy',
    ],
  ])('from %i to %i, what to do leads to a file that can be deployed', (from, stage, remedy) => {
    const recordedAt = '2026-02-01T00:00:00Z';
    const reached = { recorded: true, stage: from, recordedAt, declares: new Set<string>(), holds: [] };
    const edge = { ...quietEdge, municipality: 'musterstadt', stage, declares: reached.declares, reached };
    const rule = gateRules.find(({ id }) => id === 'gate-one-step');
    expect(rule?.check({ ...edge, now: new Date() })).toMatchObject([
      { detail: expect.stringContaining(remedy) as string },
    ]);
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

  const times = { since: '2026-03-01T12:00:00Z', until: '2026-03-06T12:00:00Z' };
  const kept = [route, internal].map((id) => ({ id, ...times }));

  test('may be finished, and gone back from by what writes kept', async () => {
    await expect(planOn(begun(), gate(2, stage2))).resolves.toBeDefined();
    await expect(planOn(begun(), gate(1, stage2, { holds: kept }))).resolves.toBeDefined();
  });

  test('takes nothing away from a relay by a file that does not have it any more', async () => {
    await expect(planOn(begun(), gate(1, stage1))).rejects.toThrow(/\[gate-kept-missing\]/);
    const gatewayOnly = standing(1, [row]);
    put(gatewayOnly, 'gateway gw1', allow as Element);
    await expect(planOn(gatewayOnly, gate(1, [row]))).resolves.toBeDefined();
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
