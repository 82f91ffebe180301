import fc from 'fast-check';
import { contains, isIpv4, isUnicast, parseRange, toAddress, toNumber } from '../../lib/config/ipv4.js';

test.each(['010.1.2.3', '10.1.2', '10.1.2.3.4', '256.1.1.1', '1.2.3.4 ', '::1', '1.2.3.-4', '١.2.3.4'])(
  '%j is no address in its one form',
  (text) => {
    expect(isIpv4(text)).toBe(false);
  },
);

test('an address and its number are the same thing', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isIpv4(address)).toBe(true);
      expect(toAddress(toNumber(address))).toBe(address);
    }),
  );
});

test('a range has its first and last address', () => {
  const range = parseRange('10.128.4.0/22');
  expect(range && [toAddress(range.first), toAddress(range.last)]).toEqual(['10.128.4.0', '10.128.7.255']);
  expect(range && contains(range, toNumber('10.128.7.255'))).toBe(true);
  expect(range && contains(range, toNumber('10.128.8.0'))).toBe(false);
  expect(range && contains(range, toNumber('10.128.3.255'))).toBe(false);
});

test.each(['10.128.4.1/22', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/08'])('%s is no range', (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test.each(['0.0.0.0', '127.0.0.1', '169.254.1.1', '224.0.0.1', '255.255.255.255'])(
  '%s is no host’s',
  (text) => {
    expect(isUnicast(text)).toBe(false);
  },
);

test.each(['10.0.0.1', '169.253.1.1', '223.255.255.1'])('%s may be a host’s', (text) => {
  expect(isUnicast(text)).toBe(true);
});
