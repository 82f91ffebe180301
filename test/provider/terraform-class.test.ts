import { Testing, type TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { DnatRule } from '../../lib/provider/resources/dnat-rule.js';
import { FirewallOpening, firewallOpening } from '../../lib/provider/resources/firewall-opening.js';
import { MigrationGate, migrationGate } from '../../lib/provider/resources/migration-gate.js';
import { RelayBase, relayBase } from '../../lib/provider/resources/relay-base.js';
import { RelayRoute, relayRoute } from '../../lib/provider/resources/relay-route.js';
import { dnatRule } from '../../lib/provider/resources/dnat-rule.js';
import { LandesnetzProvider } from '../../lib/provider/terraform-class.js';

const synthesised = (build: (scope: Construct) => TerraformResource): Record<string, unknown> => {
  const json = JSON.parse(
    Testing.synthScope((scope) => {
      build(scope);
    }),
  ) as { resource: Record<string, Record<string, Record<string, unknown>>> };
  const [resources] = Object.values(json.resource);
  const [attributes] = Object.values(resources ?? {});
  return attributes ?? {};
};

describe('a resource’s class', () => {
  test('synthesises its attributes under the engine’s names, with CDKTF’s own arguments', () => {
    const attributes = synthesised(
      (scope) =>
        new DnatRule(scope, 'rule', { ...dnatRule.example, lifecycle: { createBeforeDestroy: true } }),
    );
    expect(attributes).toMatchObject({
      to_address: '192.168.10.5',
      to_port: 25,
      lifecycle: { create_before_destroy: true },
    });
    expect(DnatRule.tfResourceType).toBe('landesnetz_dnat_rule');
  });

  test('leaves out what is not set, and what the provider computes', () => {
    const { validUntil, ...unlimited } = firewallOpening.example;
    expect(validUntil).toBeDefined();
    expect(synthesised((scope) => new FirewallOpening(scope, 'o', unlimited))).not.toHaveProperty(
      'valid_until',
    );
    expect(synthesised((scope) => new MigrationGate(scope, 'g', migrationGate.example))).not.toHaveProperty(
      'edge',
    );
  });

  test('a map’s keys are data, and stay as they are', () => {
    const { evidence } = synthesised((scope) => new MigrationGate(scope, 'g', migrationGate.example));
    expect(evidence).toEqual({ connectionTestPassedOn: '2025-04-01' });
    const { routes } = synthesised((scope) => new RelayBase(scope, 'b', relayBase.example));
    expect(routes).toEqual({ 'ministerium.example': '[10.64.0.20]:25' });
  });

  test('objects in a list come with their members under the engine’s names', () => {
    const attributes = synthesised((scope) => new RelayRoute(scope, 'r', relayRoute.example));
    expect(attributes['next_hops']).toEqual(relayRoute.example.nextHops);
    const { moves } = synthesised((scope) => new MigrationGate(scope, 'g', migrationGate.example));
    expect(moves).toMatchObject([{ domain: 'musterstadt.example', lowered_ttl: 300 }]);
  });
});

describe('the provider’s class', () => {
  test('names its source and exact version, and where the far ends are', () => {
    const json = JSON.parse(
      Testing.synthScope((scope) => {
        new LandesnetzProvider(scope, 'landesnetz', {
          providerVersion: '0.1.0-babc',
          gateways: [{ name: 'gw1', host: 'h', port: 22, user: 'u', platformUser: undefined, hostKey: 'k' }],
          observers: ['192.0.2.53'],
        });
      }),
    ) as object;
    expect(json).toMatchObject({
      provider: {
        landesnetz: [
          {
            gateways: [{ name: 'gw1', host: 'h', port: 22, user: 'u', host_key: 'k' }],
            observers: ['192.0.2.53'],
          },
        ],
      },
      terraform: {
        required_providers: {
          landesnetz: { source: 'mailversand.example/interkommunal/landesnetz', version: '0.1.0-babc' },
        },
      },
    });
  });
});
