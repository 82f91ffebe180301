import type { Config } from '../../../lib/provider/definition.js';
import type { Element } from '../../../lib/provider/element.js';
import { firewallOpening } from '../../../lib/provider/resources/firewall-opening.js';
import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import { migrationStage } from '../../../lib/provider/resources/migration-stage.js';
import { formatHolds, type RecordedHold } from '../../../lib/provider/resources/reached.js';
import { Engine } from '../engine.js';

export type Gate = Config<typeof migrationGate.attributes>;
export type Stage = Config<typeof migrationStage.attributes>;

export const owner = '15084490';
export const nat = 'dnat_rule:gw1/ln0/10.128.0.1/tcp/25';
export const opening = 'firewall_opening:gw1/ln0/10.64.0.10/10.128.0.1/tcp/25';
export const row = 'matrix_entry:15084490/10.64.0.10-10.128.0.1-tcp-25';
export const route = 'relay_route:relay1/musterstadt.example';
export const internal = 'relay_acceptance:relay1/musterstadt.example/internal';
export const stage1 = [nat, opening, row, 'mx:musterstadt.example'];
export const stage2 = [...stage1, route, internal];

/** What every edge into stage 2 or later, and every MX that moves, is planned with. */
export const settling = ['settling:musterstadt', 'settling:musterstadt/mx'];

export const gate = (stage: number, declares: string[], more: Partial<Gate> = {}): Gate => ({
  municipality: 'musterstadt',
  owner,
  stage,
  evidence: {},
  declares: [...declares, ...settling],
  holds: [],
  moves: [],
  ...more,
});

/** A register that says what was reached. */
export function standing(stage: number, declares: string[] = [], holds: RecordedHold[] = []): Engine {
  const engine = new Engine();
  const at = { key: ['musterstadt'], owner, instance: 'a' };
  engine.memory.elements['register'] = [
    { ...at, map: 'stages', value: [String(stage), '2026-02-01T00:00:00Z', ''] },
    { ...at, map: 'declares', value: declares },
    { ...at, map: 'holds', value: formatHolds(holds) },
  ];
  return engine;
}

export const plan = (engine: Engine, config: Gate) => engine.resource(migrationGate).plan(config);

/** With a state that knows what was deployed before. */
export function planOn(engine: Engine, config: Gate) {
  const resource = engine.resource(migrationGate);
  resource.state = { municipality: 'musterstadt', id: 'musterstadt', instance: 'a' };
  return resource.plan(config);
}

export const put = (engine: Engine, at: string, element: Omit<Element, 'owner'>) =>
  (engine.memory.elements[at] ??= []).push({ owner, ...element });

export const [allow] = firewallOpening.elements(firewallOpening.example);

/** An MX as one server of the zone shows it. */
export const shown = (data: string, ttl = 300) => ({
  domain: 'musterstadt.example',
  type: 'MX' as const,
  server: '192.0.2.53',
  at: '2026-03-01T12:00:00Z',
  authoritative: true,
  data,
  ttl,
  problem: undefined,
});
