import { dnatRule } from '../../lib/provider/resources/dnat-rule.js';
import { askGate, migrationGate } from '../../lib/provider/resources/migration-gate.js';
import { relayAcceptance } from '../../lib/provider/resources/relay-acceptance.js';
import type { ProviderConfig } from '../../lib/provider/provider-config.js';
import { Engine } from './engine.js';
import { emptyMemory, memoryFarEnds, providerConfig, storeOf } from './memory-far-ends.js';

const relay = 'relay relay1';
const gateway = 'gateway gw1';
const announced = { ...relayAcceptance.example, class: 'internet', announced: true };
const kept = { ...announced, announced: false };

const declared = (outage: string): ProviderConfig => ({
  ...providerConfig,
  gateways: providerConfig.gateways.map((one) => ({ ...one, outage })),
  relays: providerConfig.relays.map((one) => ({ ...one, outage })),
});

const deployed = async (outage = '2026-03-01 INC-1') => {
  const engine = new Engine({}, declared(outage));
  const resource = engine.resource(relayAcceptance);
  await resource.deploy(announced);
  engine.memory.unreachable = [relay];
  return { engine, resource };
};

const value = (engine: Engine): unknown => engine.memory.elements[relay]?.[0]?.value;

describe('a relay in a declared outage', () => {
  test('is believed to be as the state remembers it, with a warning', async () => {
    const { resource } = await deployed();
    const { state } = resource;
    await resource.refresh();
    expect(resource.state).toEqual(state);
    expect(resource.warnings).toEqual(['outage']);
  });

  test('holds up no change; what was not written is written by the first deploy after it', async () => {
    const { engine, resource } = await deployed();
    await resource.deploy(kept);
    expect(resource.state).toMatchObject({ announced: false });
    expect(resource.warnings).toEqual(['outage']);
    expect(value(engine)).toEqual(['OK']);
    await resource.refresh();
    expect((await resource.plan(kept)).action).toBe('no-op');

    engine.memory.unreachable = [];
    await resource.refresh();
    expect(resource.state).toMatchObject({ announced: true });
    await resource.deploy(kept);
    expect(value(engine)).toEqual(['permit']);
  });

  test('gets nothing new, and lets nothing go', async () => {
    const { engine, resource } = await deployed();
    await expect(resource.deploy(null)).rejects.toThrow(/\[unreachable\]/);
    const other = engine.resource(relayAcceptance);
    await expect(other.deploy({ ...announced, domain: 'neu.example' })).rejects.toThrow(/\[unreachable\]/);
  });

  test.each(['2026-02-27 INC-1', '2026-03-03 INC-1'])('not any more, or not yet: %s', async (outage) => {
    const { resource } = await deployed(outage);
    await expect(resource.refresh()).rejects.toThrow(/\[unreachable\]/);
    await expect(resource.deploy(kept)).rejects.toThrow(/\[unreachable\]/);
  });

  test('is used as ever if it answers', async () => {
    const { engine, resource } = await deployed();
    engine.memory.unreachable = [];
    await resource.deploy(kept);
    expect([value(engine), resource.warnings]).toEqual([['permit'], []]);
  });
});

describe('the gate', () => {
  const planned = (stage: number) => ({
    ...migrationGate.example,
    stage,
    moves: [],
    declares: [
      'dnat_rule:gw1/ln0/10.128.0.1/tcp/25',
      'relay_route:relay1/musterstadt.example',
      'relay_acceptance:relay1/musterstadt.example/internal',
    ],
    evidence: { connectionTestPassedOn: '2026-03-01', orderApprovedOn: '2026-03-01' },
  });
  const asked = async (stage: number, outage: string) => {
    const { declares } = planned(stage);
    const register = [
      { map: 'stages', key: ['musterstadt'], value: ['2', '2026-02-01T00:00:00Z', ''], owner: '15084490' },
      { map: 'declares', key: ['musterstadt'], value: declares, owner: '15084490' },
    ];
    const memory = { ...emptyMemory(), elements: { register }, unreachable: [relay, gateway] };
    const found = await askGate(planned(stage), true, memoryFarEnds(storeOf(memory), declared(outage)));
    return found.map(({ severity, rule }) => `${severity} ${rule}`);
  };

  test.each([1, 2])('at stage 2 lets stage %i through, and says what it could not ask', async (stage) => {
    const found = await asked(stage, '2026-03-01 INC-1');
    expect(found.filter((each) => each.endsWith('gate-relay-silent'))).toHaveLength(2);
  });

  test('waits for a gateway whose outage nobody has declared', async () => {
    await expect(asked(1, '2026-01-01 INC-1')).rejects.toThrow(/gateway gw1/);
  });

  test('lets nothing forwards', async () => {
    await expect(asked(3, '2026-03-01 INC-1')).rejects.toThrow(/relay1|gw1/);
  });

  test('a translation is believed, too', async () => {
    const engine = new Engine({}, declared('2026-03-01 INC-1'));
    const rule = engine.resource(dnatRule);
    await rule.deploy(dnatRule.example);
    engine.memory.unreachable = [gateway];
    await rule.refresh();
    expect(rule.warnings).toEqual(['outage']);
  });
});
