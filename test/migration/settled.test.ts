import { settled } from '../../lib/migration/settled.js';
import { after, at, musterstadt, now } from './examples.js';

const settling = (until: number) => ({ settling: { since: after(-100), until: after(until) } });

test('without an edge nothing settles', () => {
  expect(settled(at(2), now)).toBeUndefined();
});

test('the time is over to the second, and the entry goes', () => {
  expect(settled({ ...at(2), ...settling(1) }, now)).toEqual({
    due: false,
    until: after(1),
    why: 'the edge is not that old',
  });
  expect(settled({ ...at(2), ...settling(0) }, now)).toEqual({
    due: true,
    edit: { drop: [], add: [], settling: null },
    after: at(2),
  });
});

test('stage 4 does not settle before its MX has moved', () => {
  const untested = { ...musterstadt, outgoingTestPassedOn: undefined, ...settling(-50) };
  expect(settled(at(4, untested), now)).toEqual({ due: false, why: expect.stringContaining('MX') as string });
  expect(settled(at(3, untested), now)).toMatchObject({ due: true });
  expect(settled({ ...at(4), ...settling(-50) }, now)).toMatchObject({ due: true });
});
