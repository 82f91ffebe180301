import { transferAddressPool } from '../../../lib/config/rules/transfer-address-pool.js';
import { saysOf } from '../support.js';

const behind = (transfer: string) => ({ servers: [{ inside: '192.168.10.5', transfer }] });

test('a transfer address from outside the pool is refused, with a free one', () => {
  expect(saysOf(transferAddressPool, behind('10.129.0.1'))).toMatchInlineSnapshot(`
   "musterstadt.yaml:14:15  transfer address 10.129.0.1
     an address inside the pool 10.128.0.0/16, not the first or last of a range; free ones begin at 10.128.0.1   [transfer-address-pool]
   "
  `);
});

test.each(['10.128.0.0', '10.128.255.255'])(
  '%s, the network or broadcast address of the pool, is refused',
  (address) => {
    expect(saysOf(transferAddressPool, behind(address))).toContain(`transfer address ${address}`);
  },
);

test.each(['10.128.0.1', '10.128.255.254', '10.128.1.0', '10.128.0.255'])('%s is right', (address) => {
  expect(saysOf(transferAddressPool, behind(address))).toBe('');
});

test('ranges of one and two addresses have neither network nor broadcast address', () => {
  const transferPool = ['10.1.0.1/32', '10.2.0.0/31'];
  expect(saysOf(transferAddressPool, behind('10.1.0.1'), { transferPool })).toBe('');
  expect(saysOf(transferAddressPool, behind('10.2.0.1'), { transferPool })).toBe('');
});

test('nothing is said about an address that is no address, or without a platform file', () => {
  expect(saysOf(transferAddressPool, behind('10.128.0.1.'))).toBe('');
  expect(saysOf(transferAddressPool, behind('10.129.0.1'), null)).toBe('');
});
