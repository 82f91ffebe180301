import { IPV4, isIpv4, isUnicast, parseRange } from '../ipv4.js';
import type { Explanation } from '../problem.js';
import { isDomain } from './domain.js';
import { text } from './field.js';

const EXAMPLE = '192.168.10.5';

/** The IPv4 address of one host. */
export const address = text(
  {
    rule: 'address',
    pattern: `^${IPV4}$`,
    expected: `the IPv4 address of a host, like ${EXAMPLE}`,
    remedy: 'write four numbers from 0 to 255 without leading zeros',
    example: EXAMPLE,
  },
  addressComplaint,
);

function addressComplaint(value: string): Partial<Explanation> | undefined {
  if (value.includes(':')) {
    return {
      expected: 'an IPv4 address: the Landesnetz translates no IPv6 addresses, forwarded IPv6 stays closed',
      remedy: 'write the IPv4 address of the same host',
    };
  }
  if (!isIpv4(value) || isUnicast(value)) return undefined;
  return {
    expected: 'an address that one host can have: not loopback, link-local, multicast or reserved',
    remedy: 'write the address under which others reach this host',
  };
}

/** A range of IPv4 addresses. */
export const range = text(
  {
    rule: 'address-range',
    pattern: `^${IPV4}/[0-9]{1,2}$`,
    expected: 'a range of IPv4 addresses in CIDR form, with nothing set behind the prefix',
    remedy: 'write it like 10.128.0.0/16',
    example: '10.128.0.0/16',
  },
  (value) => (parseRange(value) ? undefined : {}),
);

/** A host by name or address, as ssh takes it; a name may be one of the reader's own ~/.ssh/config. */
export const host = text({
  rule: 'host',
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$',
  expected: 'the name or the IPv4 address of a host',
  remedy: 'write letters, digits, dots and hyphens only',
  example: '10.64.0.1',
});

const PORT_BEHIND = /^(.*):([1-9][0-9]{0,4})$/;

/** Address and, if need be, port. */
export const nextHop = text(
  {
    rule: 'next-hop',
    pattern: `^${IPV4}(?::[1-9][0-9]{0,4})?$`,
    expected: 'the IPv4 address of a mail server, with :port if it is not 25',
    remedy: 'write it like 10.64.0.20 or 10.64.0.20:2525',
    example: '10.64.0.20',
  },
  (value) => portComplaint(value),
);

/** A DNS server that must show a record before it counts as seen. */
export const nameServer = text(
  {
    rule: 'name-server',
    pattern: '^[a-z0-9.-]+(?::[1-9][0-9]{0,4})?$',
    expected: 'the domain name or IPv4 address of a name server, with :port if it is not 53',
    remedy: 'write it like ns1.landesnetz.example or 203.0.113.53:5353',
    example: 'ns1.landesnetz.example',
  },
  (value) => {
    const { host } = splitPort(value, 53);
    return isIpv4(host) || isDomain(host) ? portComplaint(value) : {};
  },
);

/** Host and port of `host` or `host:port`. */
export function splitPort(value: string, otherwise: number): { host: string; port: number } {
  const match = PORT_BEHIND.exec(value);
  return match ? { host: match[1] as string, port: Number(match[2]) } : { host: value, port: otherwise };
}

const portComplaint = (value: string): Partial<Explanation> | undefined =>
  splitPort(value, 0).port > 65535 ? { expected: 'a port from 1 to 65535 behind the colon' } : undefined;
