import { changes } from '../../lib/migration/changes.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { at, platform } from './examples.js';

test('the difference of two states: what comes, what goes, what changes its value', () => {
  const edge = changes(desiredState(at(3), platform), desiredState(at(4), platform));
  expect(edge.added.map(({ id }) => id)).toMatchSnapshot();
  expect(edge.removed).toEqual([]);
  expect(edge.changed.map(({ id }) => id)).toEqual(['mx:musterstadt.example']);
  const back = changes(desiredState(at(4), platform), desiredState(at(3), platform));
  expect(back.removed).toEqual(edge.added);
});
