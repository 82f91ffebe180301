import { contains, parseRange, toAddress, toNumber, type AddressRange } from '../ipv4.js';
import { serversOf, type Fleet } from '../fleet.js';
import type { PlatformFile } from '../platform-file.js';

/** The ranges from which transfer addresses are given. */
export const poolOf = (platform: PlatformFile): AddressRange[] =>
  platform.transferPool.map((range) => parseRange(range) as AddressRange);

/** Network and broadcast address of a range are no host's (RFC 1122 §3.2.1.3); /31 and /32 have neither. */
const isEdge = (range: AddressRange, address: number): boolean =>
  range.last - range.first > 1 && (address === range.first || address === range.last);

/** Whether one of the ranges has this address. */
export const isInside = (ranges: readonly AddressRange[], address: string): boolean =>
  ranges.some((range) => contains(range, toNumber(address)));

/** Whether a transfer address may be given from the ranges. */
export const isUsable = (ranges: readonly AddressRange[], address: string): boolean =>
  ranges.some((range) => contains(range, toNumber(address)) && !isEdge(range, toNumber(address)));

/** The remedy for a transfer address that cannot be: the lowest free one, as far as the files tell. */
export function freeAddress({ municipalities, platform }: Fleet): string {
  if (!platform) return 'choose another of the pool';
  const used = new Set(municipalities.flatMap((entry) => serversOf(entry).map(({ item }) => item.transfer)));
  for (const range of poolOf(platform.file)) {
    for (let number = range.first; number <= range.last; number++) {
      const address = toAddress(number);
      if (!isEdge(range, number) && !used.has(address)) return `free ones begin at ${address}`;
    }
  }
  return 'none is free: widen transferPool in the platform file';
}
