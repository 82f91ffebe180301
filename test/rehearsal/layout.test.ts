import { layOut, uplinkAddresses } from '../../lib/rehearsal/layout.js';
import { planNetwork } from '../../lib/rehearsal/network.js';
import { example, platform } from './examples.js';

const musterstadt = example('musterstadt');
const beispielhausen = example('beispielhausen');

test('what lies where: one municipality, as text for ip', () => {
  const { hosts } = layOut(platform, [musterstadt]);
  const plan = planNetwork(hosts, (host) => hosts.findIndex(({ name }) => name === host) + 100);
  expect(plan.hosts.get('gateway')).toMatchInlineSnapshot(`
   "link set lo up
   address add 10.64.0.1/24 dev ln0
   link set ln0 up
   address add 192.168.10.250/32 dev c0
   link set c0 up
   rule add fwmark 1 lookup 1
   route add 192.168.10.5/32 dev c0 src 192.168.10.250 table 1
   "
  `);
  expect(plan.hosts.get('musterstadt')).toMatchInlineSnapshot(`
   "link set lo up
   address add 192.168.10.5/32 dev lan
   link set lan up
   address add 198.51.100.25/24 dev world
   link set world up
   route add 203.0.113.0/24 dev world src 198.51.100.25
   route add 192.168.10.250/32 dev lan src 192.168.10.5
   "
  `);
  expect(plan.hosts.get('relay')).toMatchInlineSnapshot(`
   "link set lo up
   address add 203.0.113.10/24 dev world
   link set world up
   address add 10.64.0.10/24 dev ln
   address add 10.64.0.12/24 dev ln
   address add 10.64.0.11/24 dev ln
   link set ln up
   route add 198.51.100.0/24 dev world src 203.0.113.10
   route add 10.128.0.0/16 via 10.64.0.1 dev ln
   "
  `);
  expect(plan.cables.get('gateway')).toMatch(/^link add \S+ type veth peer name lan netns \d+\n$/);
});

test('two municipalities have a link, a mark and a routing table each, whatever their addresses', () => {
  const gateway = layOut(platform, [musterstadt, beispielhausen]).hosts.find(
    ({ name }) => name === 'gateway',
  );
  const rules = gateway?.routes.filter((route) => route.startsWith('rule ')) ?? [];
  expect(new Set(rules).size).toBe(2);
  expect(gateway?.links.filter(({ peer }) => peer).map(({ peer }) => peer?.host)).toEqual([
    'musterstadt',
    'beispielhausen',
  ]);
});

test('an uplink has the address that the SPF names, if it is free', () => {
  const twin = { ...musterstadt, id: 'zwilling' };
  const spfless = { ...musterstadt, id: 'ohne', domains: [] };
  expect([...uplinkAddresses([musterstadt, twin, spfless])]).toEqual([
    ['musterstadt', '198.51.100.25'],
    ['zwilling', '198.51.100.102'],
    ['ohne', '198.51.100.103'],
  ]);
});

describe('what cannot be rehearsed is refused with what to do', () => {
  test('a municipality with the name of a host', () => {
    expect(() => layOut(platform, [{ ...musterstadt, id: 'relay' }])).toThrow('under the name relay');
  });
  test('two municipalities on one link', () => {
    expect(() => layOut(platform, [musterstadt, { ...musterstadt, id: 'zwilling' }])).toThrow(
      'one after the other',
    );
  });
  test('a link that the gateway does not have', () => {
    const lost = { ...musterstadt, network: { ...musterstadt.network, link: 'c99' } };
    expect(() => layOut(platform, [lost])).toThrow('names the customer link c99');
  });
  test('a real platform', () => {
    const [relay] = platform.relays;
    const elsewhere = {
      ...platform,
      relays: relay ? [{ ...relay, ssh: { ...relay.ssh, host: '172.16.0.1' } }] : [],
    };
    expect(() => layOut(elsewhere, [musterstadt])).toThrow('stacks/platforms/rehearsal.yaml');
    expect(() => layOut({ ...platform, gateways: [] }, [musterstadt])).toThrow('exactly one gateway');
  });
});
