import fc from 'fast-check';
import { address, host, nameServer, nextHop, range, splitPort } from '../../../lib/config/fields/address.js';
import { isUnicast } from '../../../lib/config/ipv4.js';
import { injections, verdict } from './support.js';

test.each([
  '010.1.2.3',
  '10.1.2',
  '10.1.2.3/32',
  '2001:db8::1',
  '::ffff:10.1.2.3',
  '127.0.0.1',
  '224.0.0.1',
  7,
  null,
])('the address %j is refused', (value) => {
  expect(verdict(address, value)).toMatchSnapshot();
});

test('an address of a host is right', () => {
  fc.assert(fc.property(fc.ipV4(), (value) => (verdict(address, value) === '') === isUnicast(value)));
});

test.each(['10.0.0.0/8', '10.128.4.0/22', '192.168.1.1/32'])('%s is a range', (value) => {
  expect(verdict(range, value)).toBe('');
});

test.each(['10.0.0.1/8', '10.0.0.0', '10.0.0.0/33'])('%s is none', (value) => {
  expect(verdict(range, value)).toContain('[address-range]');
});

test.each(['10.64.0.1', 'gw1', 'gw-1.landesnetz.example'])('%s is a host', (value) => {
  expect(verdict(host, value)).toBe('');
});

test.each(['-oProxyCommand=id', 'gw1-', 'user@gw1', 'gw 1', '', '::1', 'a'.repeat(254)])(
  '%j is none',
  (value) => {
    expect(verdict(host, value)).toContain('[host]');
  },
);

test.each(['10.64.0.20', '10.64.0.20:2525'])('%s is a next hop', (value) => {
  expect(verdict(nextHop, value)).toBe('');
});

test.each(['mail.example', '10.64.0.20:0', '10.64.0.20:65536', '[10.64.0.20]:25'])('%s is none', (value) => {
  expect(verdict(nextHop, value)).toMatchSnapshot();
});

test.each(['203.0.113.53', '203.0.113.53:5353', 'ns1.a.example', 'ns1.a.example:53'])(
  '%s is a name server',
  (value) => {
    expect(verdict(nameServer, value)).toBe('');
  },
);

test.each(['ns1', '203.0.113', 'ns1.a.example:65536', 'ns1.a.example:'])('%s is none', (value) => {
  expect(verdict(nameServer, value)).toMatchSnapshot();
});

test('the port is what stands behind the colon, or the usual one', () => {
  expect(splitPort('10.0.0.1:2525', 25)).toEqual({ host: '10.0.0.1', port: 2525 });
  expect(splitPort('10.0.0.1', 25)).toEqual({ host: '10.0.0.1', port: 25 });
});

test.each(injections)('%j is refused everywhere', (value) => {
  for (const field of [address, range, host, nextHop, nameServer]) expect(verdict(field, value)).not.toBe('');
});
