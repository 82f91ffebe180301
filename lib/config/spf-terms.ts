/** `all`, with or without a qualifier. */
export const isAll = (term: string): boolean => /^[-+~?]?all$/i.test(term);

/** In lower case, what stands before `all`: what stands behind it never counts (RFC 7208 5.1). */
export function decidingTerms(record: string): string[] {
  const terms = record.toLowerCase().split(' ');
  const all = terms.findIndex(isAll);
  return all === -1 ? terms : terms.slice(0, all);
}

/** `mx`, as far as it permits: of the domain itself, or of the one that it names, with lengths of prefixes (RFC 7208 5.4). */
const permittingMx = /^\+?mx(?::([^/]+?)\.?)?(\/.*)?$/;

/**
 * The hosts that an `mx` stands for, each by its own name: `a:HOST`, with the same lengths. For a term that is none, or
 * one of an MX that nobody knows: undefined.
 * @param own the record's domain
 * @param hostsOf what the MX of a domain names; undefined: not known
 */
export function hostsOfMx(
  term: string,
  own: string,
  hostsOf: (domain: string) => readonly string[] | undefined,
): string[] | undefined {
  const [found, domain = own, lengths = ''] = permittingMx.exec(term.toLowerCase()) ?? [];
  return found === undefined
    ? undefined
    : hostsOf(domain)?.map((host) => `a:${host.toLowerCase()}${lengths}`);
}

/**
 * What has to stand in a record so that who may send by its `mx` may do so when the MX names others: {@link hostsOfMx} of
 * each, in their order.
 */
export const sendersByMx = (
  record: string,
  own: string,
  hostsOf: (domain: string) => readonly string[] | undefined,
): string[] => [...new Set(decidingTerms(record).flatMap((term) => hostsOfMx(term, own, hostsOf) ?? []))];
