import { platformListeners } from '../../../lib/config/rules/platform-listeners.js';
import { saysOf } from '../support.js';

test('two listeners on one address are refused', () => {
  const platform = { relays: { relay1: { addresses: { ndb: '203.0.113.10' } } } };
  expect(saysOf(platformListeners, {}, platform)).toMatchInlineSnapshot(`
   "platform.yaml:29:17  address 203.0.113.10 of the listener ndb
     an address of its own for each of customers, internal, ndb and internet; give the relay another address   [platform-listeners]
   "
  `);
});

test('each its own is right; the source address may be one of them', () => {
  expect(saysOf(platformListeners, {})).toBe('');
});
