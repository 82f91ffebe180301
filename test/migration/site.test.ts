import { desiredState } from '../../lib/migration/desired-state.js';
import { at, musterstadt, platform } from './examples.js';

test('a gateway or relay that the platform does not have is named, with those it has', () => {
  const elsewhere = { ...musterstadt.network, gateway: 'gw7' };
  expect(() => desiredState(at(1, { ...musterstadt, network: elsewhere }), platform)).toThrow(
    'platform probe has no gateway "gw7"; it has: gw1',
  );
  expect(() => desiredState(at(1, { ...musterstadt, relay: 'r' }), platform)).toThrow(
    'no relay "r"; it has: relay1',
  );
});
