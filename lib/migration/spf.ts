/**
 * The SPF string (RFC 7208) with the relay as a permitted sender beside the old ones. What is missing goes in
 * directly behind the version: the first mechanism that matches decides, so nothing in the old string, not
 * even a `-ip4` of the same network, can take it back. The rest stays as it is, byte for byte, and a string
 * that already permits the relay, before every term that refuses, is returned unchanged.
 */
export function withRelay(spf: string, relay: readonly string[]): string {
  const terms = spf.split(' ').map(plain);
  const end = terms.findIndex((term) => /^(?:[-~?]|all$)/.test(term));
  const deciding = end === -1 ? terms : terms.slice(0, end);
  const missing = relay.filter((mechanism) => !deciding.includes(plain(mechanism)));
  return missing.length === 0 ? spf : [version(spf), ...missing].join(' ') + spf.slice(version(spf).length);
}

/** `+` is what a mechanism without a qualifier means; names are not case-sensitive. */
const plain = (term: string): string => term.toLowerCase().replace(/^\+/, '');

const version = (spf: string): string => spf.split(' ', 1).join('');
