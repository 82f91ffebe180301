import { relayAcceptance } from '../../../lib/provider/resources/relay-acceptance.js';
import { relayRoute } from '../../../lib/provider/resources/relay-route.js';
import type { NameResolver } from '../../../lib/provider/targets/dns/delegation.js';
import { mayPointAt, observeMx } from '../../../lib/provider/targets/dns/observe.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../../provider/memory-far-ends.js';
import { describeReal } from '../requirements.js';
import { freePort, startKnot, zone, type NameServer } from './servers.js';

const domain = zone.replace(/\.$/, '');
const there = '@ 300 MX 10 mx1.example.';
const back = '@ 300 MX 10 mx01.hoster.example.';

describeReal('a zone at a hoster, found by its delegation', { programs: ['knotd'] }, () => {
  const running: NameServer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  });

  const serving = async (record: string): Promise<string> => {
    const server = await startKnot([record]);
    running.push(server);
    return `127.0.0.1:${server.address.port}`;
  };

  /** What the relay says to letting go of the domain, while its zone is delegated to these servers. */
  async function lettingGo(...delegated: string[]): Promise<string[]> {
    const byName = new Map(delegated.map((server, i) => [`ns${i}.hoster.example`, server]));
    const resolver = {
      resolveNs: () => Promise.resolve([...byName.keys()]),
      resolve4: (name: string) => Promise.resolve([byName.get(name)]),
      resolve6: () => Promise.reject(new Error('none')),
    } as unknown as NameResolver;
    const farEnds = {
      ...memoryFarEnds(storeOf(emptyMemory())),
      mayPointAt: async (name: string, hosts: readonly string[]) =>
        mayPointAt(await observeMx(name, [], undefined, resolver), hosts).map(({ server }) => server),
    };
    const common = { relay: 'relay1', domain, owner: '15085905', id: '', instance: '' };
    const acceptance = { ...common, class: 'internet', announced: false };
    const found = await Promise.all([
      relayAcceptance.check?.({ prior: acceptance, proposed: undefined, farEnds }),
      relayRoute.check?.({
        prior: { ...common, nextHops: [], softBounce: false },
        proposed: undefined,
        farEnds,
      }),
    ]);
    return found.flatMap((diagnostics) => (diagnostics ?? []).map(({ detail }) => detail));
  }

  test('acceptance and route stay while one of its servers still shows the relay', async () => {
    const [old, moved] = [await serving(there), await serving(back)];
    const refusals = await lettingGo(moved, old);
    expect(refusals).toHaveLength(2);
    for (const detail of refusals) expect(detail).toContain(old);
  });

  test('and while one of them cannot be asked', async () => {
    const silent = `127.0.0.1:${await freePort()}`;
    expect(await lettingGo(await serving(back), silent)).toHaveLength(2);
  });

  test('and go when every one of them was seen without it', async () => {
    expect(await lettingGo(await serving(back), await serving(back))).toEqual([]);
  });
});
