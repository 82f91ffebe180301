import { relayRoute } from '../../../lib/provider/resources/relay-route.js';
import { emptyMemory, memoryFarEnds, providerConfig, storeOf } from '../memory-far-ends.js';

const owner = '15084490';
const hop = (address: string) => ({ address, port: 25, tls: 'encrypt' });
const route = (...addresses: string[]) => ({
  relay: 'relay1',
  domain: 'musterstadt.example',
  nextHops: addresses.map(hop),
  softBounce: false,
  owner,
});
const reachable = (address: string) => [
  `dnat_rule:gw1/ln0/${address}/tcp/25`,
  `firewall_opening:gw1/ln0/10.64.0.10/${address}/tcp/25`,
];
const [old, fresh] = ['10.128.0.1', '10.128.0.9'];
const routed = [...reachable(old), 'relay_route:relay1/musterstadt.example'];

/** Rules by which the change of the route is refused. */
async function refused(
  declares: string[],
  after: string[],
  provider = providerConfig,
  softBounce = true,
): Promise<string[]> {
  const memory = emptyMemory();
  const instance = 'a';
  memory.elements['register'] = [{ map: 'declares', key: ['musterstadt'], value: declares, owner, instance }];
  const prior = { ...route(old), id: '', instance };
  const farEnds = memoryFarEnds(storeOf(memory), provider);
  const found = await relayRoute.check?.({ prior, proposed: { ...route(...after), softBounce }, farEnds });
  return (found ?? []).map(({ rule, severity }) => `${severity} ${rule}`);
}

test('a server gets mail only after a deploy by which it could be reached', async () => {
  expect(await refused(routed, [old, fresh])).toEqual(['error gate-server-untried']);
  expect(await refused([...routed, ...reachable(fresh)], [old, fresh])).toEqual([]);
  expect(await refused([...routed, ...reachable(fresh)], [fresh])).toEqual([]);
});

test('a server gets mail for the first time only where nothing bounces that it refuses', async () => {
  const reached = [...routed, ...reachable(fresh)];
  expect(await refused(reached, [old, fresh], providerConfig, false)).toEqual(['error gate-server-settling']);
  expect(await refused(reached, [old], providerConfig, false)).toEqual([]);
  expect(await refused(routed, [fresh], providerConfig, false)).toEqual(['error gate-server-untried']);
});

test('a translation without its opening is no path', async () => {
  expect(await refused([...routed, reachable(fresh)[0] ?? ''], [fresh])).toEqual([
    'error gate-server-untried',
  ]);
});

test('what stays, goes or is put back by the plan is none of its business', async () => {
  expect(await refused(routed, [old])).toEqual([]);
  expect(await refused([], [fresh])).toEqual([]);
  expect(await refused(routed, [fresh], { ...providerConfig, register: undefined })).toEqual([]);
});

test('a route settles only when nothing that was refused waits; what passes through is no reason', async () => {
  const settles = async (
    deferred: number,
    before = true,
    after = false,
    known: 'known' | 'to be created' = 'known',
  ): Promise<string[]> => {
    const memory = {
      ...emptyMemory(),
      queue: { 'musterstadt.example': deferred + 7 },
      deferred: { 'musterstadt.example': [deferred] },
    };
    const prior = { ...route(old), softBounce: before, id: '', instance: 'a' };
    const proposed = { ...route(old), softBounce: after };
    memory.elements['relay relay1'] = relayRoute.elements(prior).map((one) => ({ ...one, instance: 'a' }));
    const farEnds = memoryFarEnds(storeOf(memory));
    const inState = known === 'known' ? prior : undefined;
    const found = (await relayRoute.check?.({ prior: inState, proposed, farEnds })) ?? [];
    return found.map(({ summary, rule }) => `${summary} [${rule}]`);
  };
  expect(await settles(3)).toEqual([
    'mail for 3 recipients of musterstadt.example was tried in vain and waits at relay1, and would bounce as soon as it has settled [gate-settled-queue]',
  ]);
  expect(await settles(3, true, false, 'to be created')).toEqual([
    expect.stringMatching(/gate-settled-queue/),
  ]);
  expect(await settles(3, false, false, 'to be created')).toEqual([]);
  expect(await settles(0)).toEqual([]);
  expect(await settles(3, true, true)).toEqual([]);
  expect(await settles(3, false, true)).toEqual([]);
});
