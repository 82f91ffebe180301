/** Octets as people write them: no leading zero, which some programs read as octal. */
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
/** A dotted quad, unanchored. */
export const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;
const WHOLE = new RegExp(`^${IPV4}$`);
const RANGE = new RegExp(`^(${IPV4})/([0-9]|[12][0-9]|3[0-2])$`);

/** A range of addresses, `first` and `last` included. */
export interface AddressRange {
  first: number;
  last: number;
}

export const isIpv4 = (text: string): boolean => WHOLE.test(text);

/** The address as a number, so that ranges compare. */
export const toNumber = (address: string): number =>
  address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);

export const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

/** The range of a CIDR text, or undefined if it is none or has bits set behind its prefix. */
export function parseRange(cidr: string): AddressRange | undefined {
  const match = RANGE.exec(cidr);
  if (!match) return undefined;
  const first = toNumber(match[1] as string);
  const size = 2 ** (32 - Number(match[2]));
  return first % size === 0 ? { first, last: first + size - 1 } : undefined;
}

export const contains = (range: AddressRange, address: number): boolean =>
  range.first <= address && address <= range.last;

/** True for an address that one host can have: not loopback, link-local, multicast or reserved. */
export function isUnicast(address: string): boolean {
  const [first, second] = address.split('.').map(Number) as [number, number];
  return first !== 0 && first !== 127 && first < 224 && !(first === 169 && second === 254);
}
