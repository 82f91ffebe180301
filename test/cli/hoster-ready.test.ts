import { mustBeReady } from '../../lib/cli/hoster-ready.js';
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
  return mustBeReady(file, rows, memoryFarEnds(storeOf(memory)).targets);
}

describe('which way a domain goes is what the register says of it', () => {
  const both = ['musterstadt.example', 'neu.example'];

  test('one that goes back by itself', async () => {
    const relay = both.flatMap(announced);
    await expect(ready(at(4, withNew(3)), at(4, withNew(4)), relay)).resolves.toEqual({
      back: ['neu.example'],
      leaving: ['neu.example'],
      taken: [],
    });
  });

  test('with the whole municipality, also while the relay is away', async () => {
    await expect(ready(at(3, withNew()), at(4, withNew()), 'away')).resolves.toEqual({
      back: both,
      leaving: both,
      taken: [],
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
  ['OK', ['musterstadt.example']],
  ['permit', ['musterstadt.example']],
  [undefined, []],
])('whether the relay takes the mail of an MX that moved early: %s', async (accepts, taken) => {
  const m = at(3, withNew(1));
  const relay = accepts === undefined ? [] : [element('accept_internet', 'musterstadt.example', accepts)];
  await expect(ready(m, m, relay)).resolves.toEqual({ back: [], leaving: [], taken });
});

describe('nothing is instructed', () => {
  test('before the stage is deployed, nor of one further off', async () => {
    const rejected = { rule: 'gate-hoster-not-deployed', exit: 3 };
    await expect(ready(at(4, withNew()), at(3, withNew()))).rejects.toMatchObject(rejected);
    await expect(ready(at(2, withNew()), at(4, withNew()))).rejects.toMatchObject(rejected);
  });

  test('towards a relay that only holds itself ready, has no route, or does not answer', async () => {
    const m = at(4, withNew(3));
    const rejected = { rule: 'gate-hoster-not-accepted', exit: 3 };
    const [accepted, routed] = announced('musterstadt.example') as [Element, Element];
    for (const relay of [[element('accept_internet', 'musterstadt.example', 'permit'), routed], [accepted]])
      await expect(ready(m, m, relay)).rejects.toMatchObject(rejected);
    await expect(ready(m, m, 'away')).rejects.toMatchObject({ rule: 'unreachable', exit: 5 });
    await expect(ready(m, m, [accepted, routed])).resolves.toMatchObject({ back: [] });
  });
});
