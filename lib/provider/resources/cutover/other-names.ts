import type { Observation } from '../../targets/dns/evidence.js';
import type { Vantage } from '../../vantage.js';
import { hostsIn } from './move.js';

/**
 * Names in an MX that lead to the same hosts as these: a relay that was renamed, or that a hoster calls by a name of
 * its own, still gets the mail.
 */
export async function otherNames(
  observations: readonly Observation[],
  hosts: readonly string[],
  { addresses }: Pick<Vantage, 'addresses'>,
): Promise<string[]> {
  const shown = observations.filter(({ type }) => type === 'MX').flatMap(({ data }) => hostsIn(data));
  const others = [...new Set(shown)].filter((host) => !hosts.includes(host));
  if (others.length === 0) return [];
  const known = new Set((await Promise.all(hosts.map((host) => addresses(host)))).flat());
  const same = await Promise.all(
    others.map(async (host) => (await addresses(host)).some((address) => known.has(address))),
  );
  return others.filter((_, i) => same[i]);
}
