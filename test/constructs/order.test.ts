import { resources, type Rendered } from '../stacks/rendering.js';
import { synth } from '../stacks/synthesis.js';
import { doppelstadt, musterstadt } from '../migration/examples.js';

const stage4 = resources(synth({ ...doppelstadt, stage: 4 }));
const byAddress = new Map(stage4.map((resource) => [resource.address, resource]));

/** Types of everything that a resource comes after, at whatever distance. */
function allBefore({ dependsOn }: Rendered): Set<string> {
  const types = new Set<string>();
  const pending = [...dependsOn];
  for (let address = pending.pop(); address !== undefined; address = pending.pop()) {
    const resource = byAddress.get(address) as Rendered;
    if (types.has(resource.address)) continue;
    types.add(resource.address);
    pending.push(...resource.dependsOn);
  }
  return types;
}

const ofType = (type: string): Rendered[] => stage4.filter((resource) => resource.type === type);
const network = [
  'landesnetz_dnat_rule',
  'landesnetz_snat_rule',
  'landesnetz_firewall_opening',
  'landesnetz_matrix_entry',
];

function expectAllAfter(later: Rendered[], earlier: Rendered[]): void {
  expect(later).not.toHaveLength(0);
  expect(earlier).not.toHaveLength(0);
  for (const resource of later) {
    const before = allBefore(resource);
    expect(earlier.map(({ address }) => address).filter((address) => !before.has(address))).toEqual([]);
  }
}

const inDomain = (resources: Rendered[], domain: string): Rendered[] =>
  resources.filter(({ attributes }) => attributes.domain === domain);

test('the gate is the only thing that waits for nothing', () => {
  expect(stage4.filter(({ dependsOn }) => dependsOn.length === 0).map(({ type }) => type)).toEqual([
    'landesnetz_migration_gate',
  ]);
});

test('a domain is routed, and the municipality may send, only once the network carries it', () => {
  const later = [...ofType('landesnetz_relay_route'), ...ofType('landesnetz_relay_client')];
  expectAllAfter(later, network.flatMap(ofType));
});

test('a domain is accepted only once it is routed', () => {
  for (const domain of ['stadt.example', 'doppelstadt.example']) {
    const routes = inDomain(ofType('landesnetz_relay_route'), domain);
    expectAllAfter(inDomain(ofType('landesnetz_relay_acceptance'), domain), routes);
  }
});

test('a domain is reported to the NdB, and its MX moves, only once the relay accepts it', () => {
  const accepted = inDomain(ofType('landesnetz_relay_acceptance'), 'stadt.example');
  expectAllAfter(inDomain(ofType('landesnetz_ndb_domain'), 'stadt.example'), accepted);
  expectAllAfter(ofType('dns_mx_record_set'), accepted);
});

test('the MX moves only once the municipality may answer through the relay', () => {
  expectAllAfter(ofType('dns_mx_record_set'), ofType('landesnetz_relay_client'));
});

test('an SPF set that cannot be written holds up no MX', () => {
  for (const mx of ofType('dns_mx_record_set')) {
    expect([...allBefore(mx)].filter((address) => address.startsWith('dns_txt'))).toEqual([]);
  }
});

test('the record comes after everything else', () => {
  const [record] = ofType('landesnetz_migration_stage');
  expect(record?.dependsOn).toHaveLength(stage4.length - 1);
});

test('a record set that is only being released still has its provider', () => {
  const { provider } = JSON.parse(synth({ ...doppelstadt, stage: 0 })) as {
    provider: { dns: { alias: string }[] };
  };
  expect(provider.dns.map(({ alias }) => alias)).toEqual(['dns1_stadt_example']);
});

test('a zone at the hoster has no resource', () => {
  const zones = stage4.flatMap(({ attributes }) => attributes.zone ?? []);
  expect(new Set(zones)).toEqual(new Set(['stadt.example.']));
});

test('the order of servers and domains in the file changes no id', () => {
  const turned = {
    ...doppelstadt,
    servers: [...doppelstadt.servers].reverse(),
    domains: [...doppelstadt.domains].reverse(),
  };
  const addresses = (json: string) => resources(json).map(({ address }) => address);
  expect(addresses(synth({ ...turned, stage: 4 }))).toEqual(addresses(synth({ ...doppelstadt, stage: 4 })));
});

test('a further server or domain changes no id of those that are there', () => {
  const after = new Set(
    resources(synth({ ...doppelstadt, stage: 4, ags: musterstadt.ags })).map(({ address }) => address),
  );
  const less = {
    ...doppelstadt,
    ags: musterstadt.ags,
    servers: doppelstadt.servers.slice(1),
    domains: doppelstadt.domains.slice(1),
  };
  expect(resources(synth({ ...less, stage: 4 })).filter(({ address }) => !after.has(address))).toEqual([]);
});
