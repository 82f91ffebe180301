import type { Domain } from '../config/municipality.js';
import { sendersByMx } from '../config/spf-terms.js';

/**
 * The SPF string (RFC 7208) with the relay as a permitted sender beside the old ones. What is missing goes in
 * directly behind the version: the first mechanism that matches decides, so nothing in the old string, not
 * even a `-ip4` of the same network, can take it back. The rest stays as it is, byte for byte, and a string
 * that already permits the relay, before every term that refuses, is returned unchanged.
 *
 * `mx` means the relay as soon as the MX names it. The hosts that it stands for until then come in by their names beside
 * it, so that they may go on sending.
 * @param own the string's domain
 * @param domains the municipality's, with their MX from before the migration
 */
export function withRelay(
  spf: string,
  relay: readonly string[],
  own: string,
  domains: readonly Pick<Domain, 'name' | 'mx'>[],
): string {
  const terms = spf.split(' ').map(plain);
  const end = terms.findIndex((term) => /^(?:[-~?]|all$)/.test(term));
  const deciding = end === -1 ? terms : terms.slice(0, end);
  const oldHosts = (domain: string): string[] | undefined =>
    domains.find(({ name }) => name === domain)?.mx.records.map(({ host }) => host);
  const missing = [...relay, ...sendersByMx(spf, own, oldHosts)].filter(
    (mechanism) => !deciding.includes(plain(mechanism)),
  );
  return missing.length === 0 ? spf : [version(spf), ...missing].join(' ') + spf.slice(version(spf).length);
}

/** `+` is what a mechanism without a qualifier means; names are not case-sensitive. */
const plain = (term: string): string => term.toLowerCase().replace(/^\+/, '');

const version = (spf: string): string => spf.split(' ', 1).join('');
