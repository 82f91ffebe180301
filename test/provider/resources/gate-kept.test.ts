import type { Element } from '../../../lib/provider/element.js';
import { keptNoShorter } from '../../../lib/provider/resources/gate-record-rules.js';
import { gateRules } from '../../../lib/provider/resources/gate-rules.js';
import { relayAcceptance } from '../../../lib/provider/resources/relay-acceptance.js';
import { relayRoute } from '../../../lib/provider/resources/relay-route.js';
import type { RecordedHold } from '../../../lib/provider/resources/reached.js';
import { Engine } from '../engine.js';
import {
  allow,
  gate,
  internal,
  plan,
  planOn,
  put,
  route,
  row,
  stage1,
  stage2,
  standing,
} from './gate-standing.js';
import { quietEdge } from './quiet-edge.js';

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

  test.each([
    ['by hand', { ...hold, until: '2026-02-22T00:00:00Z' }, '2026-02-24T00:00:00Z'],
    ['by an entry that begins anew', { ...hold, since: '2026-02-24T12:00:00Z' }, '2026-02-25T12:00:00Z'],
  ])('shortened %s, it is long enough once it is deployed late enough', (_, planned, longEnough) => {
    const holds = [{ ...hold, recordedAt: '2026-02-21T00:00:00Z' }];
    const refusals = (now: string) =>
      keptNoShorter.check({
        ...quietEdge,
        municipality: 'musterstadt',
        stage: 1,
        declares: new Set(stage2),
        holds: [planned],
        reached: { recorded: true, stage: 1, recordedAt: undefined, declares: new Set(stage2), holds },
        now: new Date(now),
      });
    const [refusal] = refusals('2026-02-21T00:00:00Z');
    expect(refusal?.waits?.map(({ until }) => until)).toEqual([longEnough]);
    expect(refusals(longEnough)).toEqual([]);
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
        reached: { recorded: true, stage: 2, recordedAt: undefined, declares: new Set(stage2), holds: [] },
        now: new Date(),
      }) ?? [];
    expect(diagnostic?.detail).toMatch(remedy);
  });

  test('to stage 0 without what was over at stage 1: that goes first, by a deploy of its own', () => {
    const recordedAt = '2026-02-01T00:00:00Z';
    const reached = { recorded: true, stage: 1, recordedAt, declares: new Set(stage2), holds: [hold] };
    const edge = {
      ...quietEdge,
      municipality: 'musterstadt',
      reached,
      now: new Date('2026-03-01T00:00:00Z'),
    };
    const rule = gateRules.find(({ id }) => id === 'gate-kept-missing');
    const refused = rule?.check({ ...edge, stage: 0, declares: new Set() }) ?? [];
    expect(refused.map(({ detail }) => detail)).toEqual([
      expect.stringContaining(
        'Write `stage: 1` into musterstadt.yaml again, without kept if its time is over, and deploy that first; then npx mailversand stage musterstadt 0',
      ),
    ]);
    const first = { ...reached, declares: new Set(stage1), holds: [] };
    expect(rule?.check({ ...edge, stage: 0, declares: new Set(), reached: first })).toEqual([]);
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
    if (id === route) await engine.resource(relayRoute).deploy(relayRoute.example);
    else await engine.resource(relayAcceptance).deploy({ ...relayAcceptance.example, class: 'internet' });
    Object.assign(engine.memory, inUse);
    await expect(planOn(engine, gate(1, stage1))).rejects.toThrow(/\[gate-in-use\]/);
  });
});
