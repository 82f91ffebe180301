import { Resolver } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { OpenFarEnds } from './landesnetz.js';
import { otherNames } from './resources/cutover/other-names.js';
import { mayPointAt, observeMx, parseServer, type MxObservation } from './targets/dns/observe.js';
import { stillPointing } from './targets/dns/still-pointing.js';
import { openTargets } from './targets/index.js';
import { openVantage } from './targets/vantage.js';

/** The real far ends: SSH to gateways, relays and the register, questions to authoritative servers. */
export const openFarEnds: OpenFarEnds = (provider) => {
  const targets = openTargets(provider);
  const resolver = resolverOf(provider.vantagePoint.resolver);
  const vantage = openVantage(provider.vantagePoint);
  return {
    targets,
    provider,
    queue: (relay, domain) => targets.queue(relay, domain),
    deferred: (relay, domain) => targets.deferred(relay, domain),
    behindLock: (relay, domain) => targets.behindLock(relay, domain),
    flush: (relay, domain) => targets.flush(relay, domain),
    connections: (opening) => targets.connections(opening),
    lastMail: (relay, listener, domain) => targets.lastMail(relay, listener, domain),
    mayPointAt: async (domain, hosts) => {
      const [listed, everywhere] = await Promise.all([
        observeMx(domain, provider.observers, undefined, resolver),
        vantage.observe(domain),
      ]);
      const names = [...hosts, ...(await otherNames(everywhere, hosts, vantage))];
      return [...mayPointAt(listed, names).map(reasonOf), ...stillPointing(everywhere, names)];
    },
    vantage,
    now: () => new Date(),
    close: () => targets.close(),
  };
};

/** By which the delegation of a hoster's zone is found: the vantage point's, where it is an address. */
function resolverOf(server: string | undefined): Resolver | undefined {
  if (server === undefined) return undefined;
  const { host, port } = parseServer(server);
  if (isIP(host) === 0) return undefined;
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`]);
  return resolver;
}

const reasonOf = ({ server, outcome, records, problem }: MxObservation): string =>
  outcome === 'unknown'
    ? `${server} cannot be asked (${problem ?? 'no answer'}), and counts as one that still answers`
    : `${server} answers ${records.map(({ preference, exchange }) => `${preference} ${exchange}`).join(', ') || 'without authority'}`;
