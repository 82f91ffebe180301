import { insideAddress } from '../../../lib/config/rules/inside-address.js';
import { saysOf } from '../support.js';

test('an inside address of the transfer pool is refused', () => {
  const servers = [{ inside: '10.128.0.9', transfer: '10.128.0.1' }];
  expect(saysOf(insideAddress, { servers })).toMatchInlineSnapshot(`
   "musterstadt.yaml:13:13  inside address 10.128.0.9
     an address of the municipality's own network, none of the transfer pool or the platform; ask the municipality for the server's own address; its transfer address belongs into transfer   [inside-address]
   "
  `);
});

test("so is a relay's address, also as the alias of the relay", () => {
  expect(saysOf(insideAddress, { network: { relayAlias: '10.64.0.12' } })).toMatchInlineSnapshot(`
   "musterstadt.yaml:11:15  inside address 10.64.0.12
     an address of the municipality's own network, none of the transfer pool or the platform; ask the municipality for the server's own address; its transfer address belongs into transfer   [inside-address]
   "
  `);
});

test('an address of its own is right', () => {
  expect(saysOf(insideAddress, {})).toBe('');
  expect(saysOf(insideAddress, { network: { relayAlias: '1' } })).toBe('');
});
