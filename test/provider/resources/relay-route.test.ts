import { relayRoute } from '../../../lib/provider/resources/relay-route.js';
import { Engine } from '../engine.js';

const { internalLimit, internetLimit, ...unlimited } = relayRoute.example;
const at = 'relay relay1';

const transport = (engine: Engine) =>
  engine.memory.elements[at]?.find(({ map }) => map === 'transport')?.value;

test('limits of size stand before the next hops, and change in place', async () => {
  const engine = new Engine();
  const resource = engine.resource(relayRoute);
  await resource.deploy({ ...unlimited, softBounce: true, internetLimit });
  expect(transport(engine)?.slice(0, 2)).toEqual(['settling', 'internet=26214400']);
  const { instance } = resource.state ?? {};
  await resource.deploy({ ...unlimited, internalLimit, internetLimit });
  expect(transport(engine)?.slice(0, 2)).toEqual(['internal=52428800', 'internet=26214400']);
  await resource.deploy(unlimited);
  expect(transport(engine)?.[0]).toBe('[10.128.0.1]:25=encrypt');
  expect(resource.state?.['instance']).toBe(instance);
});

test('a state from before there were limits is read, planned empty, and takes one', async () => {
  const engine = new Engine();
  const resource = engine.resource(relayRoute);
  await resource.deploy(unlimited);
  const before = Object.entries(resource.state ?? {}).filter(([name]) => !name.endsWith('_limit'));
  expect(before).toHaveLength(Object.keys(resource.state ?? {}).length - 2);
  resource.state = Object.fromEntries(before);
  await resource.refresh();
  expect((await resource.plan(unlimited)).action).toBe('no-op');
  await resource.deploy({ ...unlimited, internalLimit });
  expect(resource.state).toMatchObject({ internal_limit: internalLimit, internet_limit: null });
});

test.each([
  [['internal=52428800'], internalLimit, undefined],
  [[], undefined, undefined],
  [['sizes=viel'], undefined, undefined],
  [['internet=26214400', 'internal=52428800'], undefined, internetLimit],
])('what a hand wrote among the limits is a difference: %j', async (limits, inside, outside) => {
  const engine = new Engine();
  const resource = engine.resource(relayRoute);
  await resource.deploy(relayRoute.example);
  const hops = transport(engine)?.slice(2) ?? [];
  engine.memory.elements[at] = (engine.memory.elements[at] ?? []).map((element) =>
    element.map === 'transport' ? { ...element, value: [...limits, ...hops] } : element,
  );
  await resource.refresh();
  expect(resource.state).toMatchObject({ internal_limit: inside ?? null, internet_limit: outside ?? null });
  expect((await resource.plan(relayRoute.example)).action).toBe('update');
});
