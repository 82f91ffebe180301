import { Resolver } from 'node:dns/promises';

/** What is needed of a resolver; the machine's own by default. */
export type NameResolver = Pick<Resolver, 'resolveNs' | 'resolve4' | 'resolve6'>;

/**
 * Addresses of the name servers of the zone that holds a name, as the resolver knows them; the name of one whose
 * addresses it does not know, because a server that cannot be asked counts as one that still answers. Empty where it knows
 * none or does not answer: a closed network may have no resolver that sees the zone.
 */
export async function nameServersOf(
  name: string,
  resolver: NameResolver = new Resolver({ timeout: 2000, tries: 2 }),
): Promise<string[]> {
  // Up to the second label from the right: a top-level domain's servers hold nobody's MX.
  for (let at = name.replace(/\.$/, ''); at.includes('.'); at = at.slice(at.indexOf('.') + 1)) {
    const names = await orNone(resolver.resolveNs(at));
    if (names.length === 0) continue;
    const addresses = await Promise.all(
      names.map(async (host) => {
        const known = await Promise.all([orNone(resolver.resolve4(host)), orNone(resolver.resolve6(host))]);
        return known.flat().length > 0 ? known.flat() : [host];
      }),
    );
    return [...new Set(addresses.flat())];
  }
  return [];
}

const orNone = (answer: Promise<string[]>): Promise<string[]> => answer.catch(() => []);
