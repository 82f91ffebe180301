import { whatIsReady } from '../../lib/cli/hoster-ready.js';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Element } from '../../lib/provider/element.js';
import { at } from '../migration/examples.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../provider/memory-far-ends.js';
import { announced, element, registerOf, rowsOf, withNew } from './hoster-examples.js';

/** Asks for a sheet of a file, where another was deployed last. */
function ready(
  file: Municipality,
  deployed: Municipality,
  relay: Element[] | 'away' = [],
  rows = rowsOf(file),
) {
  const memory = emptyMemory();
  memory.elements = { register: registerOf(deployed), 'relay relay1': relay === 'away' ? [] : relay };
  if (relay === 'away') memory.unreachable = ['relay relay1'];
  return whatIsReady(file, rows, memoryFarEnds(storeOf(memory)).targets);
}

const both = ['musterstadt.example', 'neu.example'];
const [domain = ''] = both;
const [, route] = announced(domain) as [Element, Element];

describe('which way a domain goes is what the register says of it', () => {
  test('one that goes back by itself', async () => {
    const relay = both.flatMap(announced);
    await expect(ready(at(4, withNew(3)), at(4, withNew(4)), relay)).resolves.toEqual({
      back: ['neu.example'],
      leaving: ['neu.example'],
      atRelay: {},
      held: [],
    });
  });

  test('with the whole municipality, also while the relay is away', async () => {
    await expect(ready(at(3, withNew()), at(4, withNew()), 'away')).resolves.toEqual({
      back: both,
      leaving: both,
      atRelay: {},
      held: [],
    });
  });

  test('from a stage before the MX moves no MX leaves the relay', async () => {
    await expect(ready(at(2, withNew()), at(3, withNew()))).resolves.toMatchObject({
      back: both,
      leaving: [],
    });
  });

  test('of a domain that is not on the sheet nothing is said', async () => {
    const file = at(3, withNew());
    const rows = rowsOf(file).filter(({ record }) => record.domain === 'neu.example');
    await expect(ready(file, at(4, withNew()), [], rows)).resolves.toMatchObject({ back: ['neu.example'] });
  });
});

test.each([
  ['taken', ['OK', 'route']],
  ['taken', ['permit', 'route']],
  ['unrouted', ['permit']],
  ['deferred', ['route']],
  ['unknown', 'away'],
] as const)('what becomes of the mail of an MX that moved early: %s, %j', async (found, has) => {
  const m = at(3, withNew(1));
  const relay =
    has === 'away'
      ? has
      : has.map((one) => (one === 'route' ? route : element('accept_internet', domain, one)));
  const rows = rowsOf(m).filter((row) => row.record.domain === domain);
  await expect(ready(m, m, relay, rows)).resolves.toEqual({
    back: [],
    leaving: [],
    atRelay: { [domain]: found },
    held: [],
  });
});

test.each([1, 2, 3, 4] as const)(
  'what is deployed is instructed at stage %i, also of a domain behind',
  async (stage) => {
    const relay = both.flatMap(announced);
    for (const m of [at(stage, withNew()), at(4, withNew(stage))])
      await expect(ready(m, m, relay)).resolves.toMatchObject({ back: [], held: [] });
  },
);

describe('nothing is instructed', () => {
  const notDeployed = (domains: string[], sheet: string) => [
    {
      domains,
      reason: 'not-deployed',
      failure: {
        rule: 'gate-hoster-not-deployed',
        exit: 3,
        remedy: expect.stringContaining(
          `on the way back npx mailversand hosterblatt musterstadt ${sheet},`,
        ) as string,
      },
    },
  ];

  test('before the stage is deployed, nor of one further off', async () => {
    const held = notDeployed(both, '--zurueck');
    await expect(ready(at(4, withNew()), at(3, withNew()))).resolves.toMatchObject({ held });
    await expect(ready(at(2, withNew()), at(4, withNew()))).resolves.toMatchObject({ held, back: [] });
  });

  test('of a domain alone before its own stage is deployed; of the others as ever', async () => {
    const held = notDeployed(['neu.example'], '--zurueck --domain neu.example');
    await expect(ready(at(3, withNew(2)), at(3, withNew(1)))).resolves.toMatchObject({ held });
    await expect(ready(at(3, withNew(1)), at(3, withNew(3)))).resolves.toMatchObject({ held });
  });

  test('towards a relay that only holds itself ready, has no route, or does not answer', async () => {
    const m = at(4, withNew(3));
    const held = [
      {
        ...{ domains: [domain], type: 'MX', reason: 'relay' },
        failure: { rule: 'gate-hoster-not-accepted', exit: 3 },
      },
    ];
    const [accepted, routed] = announced(domain) as [Element, Element];
    for (const relay of [[element('accept_internet', domain, 'permit'), routed], [accepted]])
      await expect(ready(m, m, relay)).resolves.toMatchObject({ held });
    await expect(ready(m, m, 'away')).resolves.toMatchObject({
      held: [
        {
          ...{ domains: [domain], type: 'MX', reason: 'unreachable' },
          failure: { rule: 'unreachable', exit: 5 },
        },
      ],
    });
    await expect(ready(m, m, [accepted, routed])).resolves.toMatchObject({ back: [], held: [] });
  });

  test('of any domain while the register does not answer', async () => {
    const memory = { ...emptyMemory(), unreachable: ['register'] };
    const { targets } = memoryFarEnds(storeOf(memory));
    const m = at(4, withNew());
    await expect(whatIsReady(m, rowsOf(m), targets)).rejects.toMatchObject({ rule: 'unreachable', exit: 5 });
  });
});
