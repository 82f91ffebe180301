import ipaddr from 'ipaddr.js';
import { decidingTerms, hostsOfMx, isAll } from '../../../config/spf-terms.js';
import type { Move } from './move.js';

/** Who may send by an SPF record beside the relay of a move, and what becomes of everybody else. */
export interface Permitted {
  senders: readonly Sender[];
  /** `-all` and the like; RFC 7208 4.7 where it has none: `?all`. undefined: another record says it (`redirect`). */
  others: string | undefined;
}

/** A term by which a mail passes, and those before it that refuse: the first that matches decides (RFC 7208 4.6.2). */
interface Sender {
  term: string;
  behind: readonly string[];
}

/** Where the MX of a domain names its own servers. */
export const oldHosts = ({ towards, to, from }: Move): readonly string[] => (towards === 'relay' ? from : to);

/** Whether it names the relay of a move by one of its mechanisms: others may have come later. */
export const namesRelay = (record: string, { spf }: Move): boolean =>
  spf.some((mechanism) => passing(record).some(({ term }) => term === mechanism.toLowerCase()));

/** @param mx hosts that `mx` stands for; none: while it moves, some caches have the old ones and some the relay */
export const permitted = (record: string, move: Move, mx: readonly string[]): Permitted => ({
  senders: passing(record)
    .filter(({ term }) => !move.spf.some((mechanism) => mechanism.toLowerCase() === term))
    .flatMap(({ term, behind }) =>
      (hostsOfMx(term, move.domain, (domain) => (domain === move.domain ? mx : undefined)) ?? [term]).map(
        (one) => ({ term: one, behind }),
      ),
    ),
  others: othersIn(record),
});

/** Of what was permitted, what a record does not permit, a phrase each. */
export function lost(record: Permitted, needed: Permitted): string[] {
  if (record.others === '+all') return [];
  const senders = needed.senders.flatMap(({ term, behind }) => {
    const found = record.senders.filter((other) => covers(other.term, term));
    const refusing = found.map((other) => other.behind.filter((one) => !behind.includes(one)));
    if (refusing.some(({ length }) => length === 0)) return [];
    return refusing[0] ? [`with ${refusing[0].join(' ')} before ${term}`] : [`without ${term}`];
  });
  return [...new Set([...senders, ...stricter(record, needed)])];
}

function stricter({ others: is }: Permitted, { others: was }: Permitted): string[] {
  if (is === undefined || was === undefined) return [];
  return strictness(is) > strictness(was) ? [`with ${is} instead of ${was}`] : [];
}

/** Of a qualified `all`, by its qualifier (RFC 7208 4.6.2). */
const strictness = (all: string): number => '+?~-'.indexOf(all.charAt(0));

/** Terms that decide, without those that only modify. */
const mechanisms = (record: string): string[] =>
  decidingTerms(record)
    .slice(1)
    .filter((term) => term !== '' && !/^(?!redirect)\w+=/.test(term));

function passing(record: string): Sender[] {
  const terms = mechanisms(record);
  return terms.flatMap((term, i) =>
    isRefusing(term)
      ? []
      : { term: term.replace(/^\+/, ''), behind: terms.slice(0, i).filter((before) => isRefusing(before)) },
  );
}

const isRefusing = (term: string): boolean => /^[-~?]/.test(term);

function othersIn(record: string): string | undefined {
  const all = record.toLowerCase().split(' ').find(isAll);
  if (all === undefined) return /(?:^| )redirect=/i.test(record) ? undefined : '?all';
  return all.length === 'all'.length ? '+all' : all;
}

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
