import ipaddr from 'ipaddr.js';
import type { Move } from './move.js';

/** In lower case, what stands before `all`: what stands behind it never counts (RFC 7208 5.1). */
export function decidingTerms(record: string): string[] {
  const terms = record.toLowerCase().split(' ');
  const all = terms.findIndex((term) => /^[-+~?]?all$/.test(term));
  return all === -1 ? terms : terms.slice(0, all);
}

/** Whether it names the relay of a move by one of its mechanisms: others may have come later. */
export const namesRelay = (record: string, { spf }: Move): boolean =>
  spf.some((mechanism) => passing(record).includes(mechanism.toLowerCase()));

/** Everybody but the relay who may send. */
export const senders = (record: string, { spf }: Move): string[] =>
  passing(record).filter((term) => !spf.some((mechanism) => mechanism.toLowerCase() === term));

/** Of senders those whom a record does not permit. */
export const missingSenders = (record: string, needed: readonly string[], move: Move): string[] =>
  needed.filter((one) => !senders(record, move).some((other) => covers(other, one)));

/** Terms by which a mail passes (RFC 7208 4.6.2). */
const passing = (record: string): string[] =>
  decidingTerms(record)
    .slice(1)
    .filter((term) => term !== '' && !/^[-~?]|^(?!redirect)\w+=/.test(term))
    .map((term) => term.replace(/^\+/, ''));

/** Whether a term permits everything that another does, as far as their texts say. */
function covers(term: string, other: string): boolean {
  if (term === other) return true;
  const [network, inner] = [networkOf(term), networkOf(other)];
  if (!network || !inner) return false;
  const [address, prefix] = network;
  return address.kind() === inner[0].kind() && prefix <= inner[1] && inner[0].match(address, prefix);
}

/** RFC 7208 5.6: without a length it is one address. */
function networkOf(term: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  const [, text = ''] = /^ip[46]:(.+)$/.exec(term) ?? [];
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
