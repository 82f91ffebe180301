import { relayKnown } from '../../../lib/config/rules/relay-known.js';
import { saysOf } from '../support.js';

test('an unknown relay is refused', () => {
  expect(saysOf(relayKnown, { relay: 'relay2' })).toMatchInlineSnapshot(`
   "musterstadt.yaml:22:8  relay relay2
     the name of a relay in the platform file; write relay1   [relay-known]
   "
  `);
});

test('a known one is right, and none where there is only one', () => {
  expect(saysOf(relayKnown, { relay: 'relay1' })).toBe('');
  expect(saysOf(relayKnown, {})).toBe('');
});
