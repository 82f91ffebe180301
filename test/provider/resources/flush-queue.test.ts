import type { Attributes } from '../../../lib/provider/definition.js';
import { dnatRule } from '../../../lib/provider/resources/dnat-rule.js';
import { firewallOpening } from '../../../lib/provider/resources/firewall-opening.js';
import { relayRoute } from '../../../lib/provider/resources/relay-route.js';
import { snatRule } from '../../../lib/provider/resources/snat-rule.js';
import { Engine } from '../engine.js';
import { memoryFarEnds, storeOf } from '../memory-far-ends.js';

const { owner } = dnatRule.example;
/** What the register says a municipality has routed. */
const declares = (...ids: string[]) => ({
  register: [{ map: 'declares', key: ['musterstadt'], value: ids, owner }],
});

describe('what waits in the relay’s queue is tried', () => {
  test('after its route was written, and not after it was only looked at', async () => {
    const engine = new Engine();
    const resource = engine.resource(relayRoute);
    await resource.deploy(relayRoute.example);
    await resource.refresh();
    await resource.deploy(relayRoute.example);
    expect(engine.memory.flushed).toEqual(['musterstadt.example']);
    await resource.deploy({ ...relayRoute.example, softBounce: true });
    expect(engine.memory.flushed).toHaveLength(2);
  });

  test.each([dnatRule, snatRule, firewallOpening])(
    'after a repair of the gateway, for all that its owner has routed: $type',
    async (definition) => {
      const routes = ['relay_route:relay1/a.example', 'relay_route:relay1/b.example', 'mx:a.example'];
      const engine = new Engine({ elements: declares(...routes) });
      await engine.resource<Attributes>(definition).deploy(definition.example);
      expect(engine.memory.flushed).toEqual(['a.example', 'b.example']);
    },
  );

  test('not before anything is routed, nor for others', async () => {
    const others = [
      { map: 'declares', key: ['anderswo'], value: ['relay_route:relay1/a.example'], owner: '15000001' },
    ];
    const engine = new Engine({ elements: { register: others } });
    await engine.resource(dnatRule).deploy(dnatRule.example);
    expect(engine.memory.flushed).toEqual([]);
  });

  test('a relay that does not answer is a warning: the way is there all the same', async () => {
    const engine = new Engine({
      elements: declares('relay_route:relay1/a.example'),
      unreachable: ['relay relay1'],
    });
    const farEnds = memoryFarEnds(storeOf(engine.memory));
    const said = await dnatRule.written?.({ prior: undefined, proposed: dnatRule.example, farEnds });
    expect(said).toEqual([
      {
        severity: 'warning',
        summary: 'The queue of relay1 was not flushed',
        detail: expect.stringContaining('At once: `postqueue -s a.example` on the relay.') as string,
        rule: 'not-flushed',
      },
    ]);
  });
});
