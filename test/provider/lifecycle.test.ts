import type { Config } from '../../lib/provider/definition.js';
import { firewallOpening } from '../../lib/provider/resources/firewall-opening.js';
import { relayRoute } from '../../lib/provider/resources/relay-route.js';
import { dnatRule } from '../../lib/provider/resources/dnat-rule.js';
import { definitions } from '../../lib/provider/resources/index.js';
import { unknown } from '../../lib/provider/served.js';
import { servedResource } from '../../lib/provider/lifecycle.js';
import { textOf } from '../../lib/provider/values.js';
import { Engine } from './engine.js';
import { emptyMemory, memoryFarEnds, storeOf } from './memory-far-ends.js';

type Rule = Config<typeof dnatRule.attributes>;

const rule: Rule = dnatRule.example;
const route = relayRoute.example;
const gw = 'gateway gw1';

const live = (engine: Engine, map = 'dnat') =>
  engine.memory.elements[gw]?.find((element) => element.map === map);

const deployed = async (config: Rule = rule) => {
  const engine = new Engine();
  const resource = engine.resource(dnatRule);
  await resource.deploy(config);
  return { engine, resource };
};

/** Somebody at the gateway's shell. */
const byHand = (engine: Engine, change: object, map = 'dnat') => {
  const elements = engine.memory.elements[gw] ?? [];
  engine.memory.elements[gw] = elements.map((element) =>
    element.map === map ? { ...element, ...change } : element,
  );
};

describe.each(definitions.map((definition) => [definition.type, definition] as const))(
  '%s',
  (_, definition) => {
    test('lives: create, an empty plan, read, import, destroy', async () => {
      const engine = new Engine();
      const resource = engine.resource(definition);
      if (definition.type === 'migration_gate' || definition.type === 'migration_stage') {
        const value = ['2', '2026-02-01T00:00:00Z', ''];
        engine.memory.elements['register'] = [
          { map: 'stages', key: ['musterstadt'], value, owner: '15084490' },
        ];
      }
      await resource.deploy(definition.example);
      await resource.refresh();
      expect((await resource.plan(definition.example)).action).toBe('no-op');
      if (definition.type === 'migration_gate') return;

      const other = engine.resource(definition);
      await other.import(textOf(resource.state?.['id']));
      expect(other.state).toEqual(resource.state);
      if (definition.type === 'migration_stage') return;

      await resource.deploy(null);
      expect(Object.values(engine.memory.elements).flat()).toEqual([]);
      await resource.refresh();
      expect(resource.state).toBeNull();
    });
  },
);

describe('taking over', () => {
  test('a create that was killed after it wrote is done again under a new instance', async () => {
    const { engine, resource } = await deployed();
    const again = engine.resource(dnatRule);
    await again.deploy({ ...rule, toAddress: '192.168.10.6' });
    expect(live(engine)).toMatchObject({
      value: ['192.168.10.6', '25'],
      instance: again.state?.['instance'],
    });
    expect(again.state?.['instance']).not.toBe(resource.state?.['instance']);
  });

  test.each([
    ['another owner', { owner: '15000001' }, /belongs to 15000001 \[foreign-owner\]/],
    ['nobody', { owner: undefined }, /nobody owns it \[foreign-owner\]/],
  ])('an element of %s is refused, while planning and while applying', async (_, change, message) => {
    const { engine, resource } = await deployed();
    const { state } = resource;
    byHand(engine, change);
    const other = engine.resource(dnatRule);
    await expect(other.plan(rule)).rejects.toThrow(message);
    await expect(other.apply(null, { ...state, instance: unknown }, rule)).rejects.toThrow(message);
    expect(other.state).toBeNull();
    expect(live(engine)).toMatchObject({ instance: state?.['instance'], ...change });
  });

  test('what somebody wrote by hand is adopted by importing it', async () => {
    const { engine } = await deployed();
    for (const map of ['dnat', 'dnat_link'])
      byHand(engine, { owner: undefined, instance: undefined, order: undefined }, map);
    const other = engine.resource(dnatRule);
    await other.import('gw1/ln0/10.128.0.1/tcp/25');
    expect(other.state).toMatchObject({ owner: '', to_address: '192.168.10.5' });
    await other.deploy(rule);
    expect(live(engine)).toMatchObject({ owner: rule.owner, order: rule.order });
  });
});

describe('the live element is never absent', () => {
  test('-replace and a tainted resource: create, then delete of the old instance', async () => {
    const { engine, resource } = await deployed();
    const old = engine.resource(dnatRule);
    old.state = resource.state;
    resource.state = null;
    await resource.deploy(rule);
    await old.refresh();
    await old.deploy(null);
    expect(old.state).toBeNull();
    expect(live(engine)).toMatchObject({ instance: resource.state?.['instance'] });
  });

  test.each(['created first', 'destroyed first'])('a renamed construct, %s', async (order) => {
    const engine = new Engine();
    const value = ['dnat_rule:gw1/ln0/10.128.0.1/tcp/25'];
    engine.memory.elements['register'] = [
      { map: 'declares', key: ['musterstadt'], value, owner: rule.owner },
    ];
    const [before, after] = [engine.resource(dnatRule), engine.resource(dnatRule)];
    await before.deploy(rule);
    const steps = [() => after.deploy(rule), () => before.deploy(null)];
    for (const step of order === 'created first' ? steps : steps.reverse()) {
      await step();
      expect(live(engine)).toMatchObject({ value: ['192.168.10.5', '25'] });
    }
    expect(live(engine)).toMatchObject({ instance: after.state?.['instance'] });
    expect(before.state).toBeNull();
  });

  test('a renamed route is not refused for being in use, because nothing goes', async () => {
    const engine = new Engine({ mx: { [route.domain]: ['ns1 answers 10 mx1.example.'] } });
    const value = [`relay_route:relay1/${route.domain}`];
    engine.memory.elements['register'] = [
      { map: 'declares', key: ['musterstadt'], value, owner: route.owner },
    ];
    const resource = engine.resource(relayRoute);
    await resource.deploy(route);
    await resource.deploy(null);
    expect(engine.memory.elements['relay relay1']).toHaveLength(1);
  });

  test('a lost state: the next deploy takes over what is there', async () => {
    const { engine, resource } = await deployed();
    resource.state = null;
    await resource.deploy(rule);
    expect(live(engine)).toMatchObject({ instance: resource.state?.['instance'] });
    expect((await resource.plan(rule)).action).toBe('no-op');
  });

  test('taken over by another state: the plan says so, and deleting here leaves it', async () => {
    const { engine, resource } = await deployed();
    const other = engine.resource(dnatRule);
    await other.deploy(rule);
    await resource.refresh();
    expect(await resource.plan(rule)).toMatchObject({ action: 'update', planned: { instance: unknown } });
    await resource.deploy(null);
    expect(live(engine)).toBeDefined();
  });
});

describe('updating', () => {
  test('changes in place and keeps the instance', async () => {
    const { engine, resource } = await deployed();
    const instance = resource.state?.['instance'];
    await resource.deploy({ ...rule, toAddress: '192.168.10.6', egress: 'c2' });
    expect(live(engine)).toMatchObject({ value: ['192.168.10.6', '25'], instance });
    expect(live(engine, 'dnat_link')).toMatchObject({ value: ['c2'], instance });
  });

  test('a change of the key makes a new resource', async () => {
    const { engine, resource } = await deployed();
    const plan = await resource.plan({ ...rule, port: 587 });
    expect(plan).toMatchObject({
      action: 'replace',
      planned: { id: 'gw1/ln0/10.128.0.1/tcp/587', instance: unknown },
    });
    expect(live(engine)).toBeDefined();
  });

  test('drift is shown by attribute, and put right', async () => {
    const { engine, resource } = await deployed();
    byHand(engine, { value: ['10.6.6.6', '25'] });
    await resource.refresh();
    expect(resource.state).toMatchObject({ to_address: '10.6.6.6', to_port: 25 });
    expect((await resource.plan(rule)).action).toBe('update');
    await resource.deploy(rule);
    expect(live(engine)).toMatchObject({ value: ['192.168.10.5', '25'] });
  });

  test.each([
    ['a hand edit', { value: ['10.6.6.6', '25'] }],
    ['a new owner', { owner: '15000001' }],
    ['a new order', { order: 'other' }],
  ])('%s between plan and apply: nothing is written', async (_, change) => {
    const { engine, resource } = await deployed();
    const next = { ...rule, toAddress: '192.168.10.6' };
    const { planned } = await resource.plan(next);
    byHand(engine, change);
    const before = structuredClone(engine.memory);
    await expect(resource.apply(resource.state, planned, next)).rejects.toThrow(
      /\[(conflict|foreign-owner)\]/,
    );
    expect(engine.memory).toEqual(before);
    expect(resource.state).toMatchObject({ to_address: '192.168.10.5' });
  });

  test('absent is a conflict: what somebody removed is not silently put back', async () => {
    const { engine, resource } = await deployed();
    const next = { ...rule, toAddress: '192.168.10.6' };
    const { planned } = await resource.plan(next);
    engine.memory.elements[gw] = [];
    await expect(resource.apply(resource.state, planned, next)).rejects.toThrow(/\[conflict\]/);
  });
});

describe('deleting', () => {
  test('what is gone already is no error', async () => {
    const { engine, resource } = await deployed();
    engine.memory.elements[gw] = [];
    await resource.deploy(null);
    expect(resource.state).toBeNull();
  });

  test('a hand edit between plan and apply is not deleted', async () => {
    const { engine, resource } = await deployed();
    byHand(engine, { value: ['10.6.6.6', '25'] });
    await expect(resource.apply(resource.state, null, null)).rejects.toThrow(/\[conflict\]/);
    expect(resource.state).not.toBeNull();
    expect(live(engine)).toBeDefined();
  });

  test.each([
    [
      'an authoritative server answers with the relay',
      { mx: { [route.domain]: ['ns1 answers 10 mx1.example.'] } },
    ],
    ['the relay holds mail for it', { queue: { [route.domain]: 3 } }],
  ])('a route stays while %s', async (_, inUse) => {
    const engine = new Engine();
    const resource = engine.resource(relayRoute);
    await resource.deploy(route);
    Object.assign(engine.memory, inUse);
    await expect(resource.plan(null)).rejects.toThrow(/\[gate-in-use\]/);
    await expect(resource.apply(resource.state, null, null)).rejects.toThrow(/\[gate-in-use\]/);
    expect(engine.memory.elements['relay relay1']).toHaveLength(1);
  });
});

describe('an unreachable far end', () => {
  test('is never taken for an empty one', async () => {
    const { engine, resource } = await deployed();
    engine.memory.unreachable = [gw];
    const { state } = resource;
    await expect(resource.refresh()).rejects.toThrow(/\[unreachable\]/);
    await expect(resource.plan({ ...rule, toPort: 26 })).rejects.toThrow(/\[unreachable\]/);
    await expect(resource.apply(state, null, null)).rejects.toThrow(/\[unreachable\]/);
    expect(resource.state).toEqual(state);
    await expect(engine.resource(dnatRule).import('gw1/ln0/10.128.0.1/tcp/25')).rejects.toThrow(
      /\[unreachable\]/,
    );
  });
});

describe('importing', () => {
  test.each([
    ['gw1/ln0/10.128.0.1/tcp', /import-id/],
    ['gw1/ln0/10.128.0.1/tcp/x', /import-id/],
    ['gw1/ln0/010.128.0.1/tcp/25', /import-id/],
    ['gw1/ln0/10.128.0.9/tcp/25', /import-absent/],
  ])('%s: %s', async (id, message) => {
    const { engine } = await deployed();
    await expect(engine.resource(dnatRule).import(id)).rejects.toThrow(message);
  });
});

describe('while planning', () => {
  test('what is not known yet is passed on, and nothing is asked', async () => {
    const memory = { ...emptyMemory(), unreachable: [gw] };
    const served = servedResource(dnatRule, () => memoryFarEnds(storeOf(memory)));
    const { planned } = await served.plan({
      prior: null,
      proposed: { to_address: unknown, id: null, instance: null },
      config: null,
    });
    expect(planned).toMatchObject({ to_address: unknown, id: unknown, instance: unknown });
  });

  test.each([
    ['2026-04-15', []],
    ['2026-03-20', ['approval-ends']],
    ['2026-02-01', ['approval-ended']],
  ])('an approval until %s: %j', async (validUntil, warnings) => {
    const resource = new Engine().resource(firewallOpening);
    await resource.plan({ ...firewallOpening.example, validUntil });
    expect(resource.warnings).toEqual(warnings);
  });
});
