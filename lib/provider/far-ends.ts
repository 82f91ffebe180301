import type { OpenFarEnds } from './landesnetz.js';
import { mayPointAt, observeMx, type MxObservation } from './targets/dns/observe.js';
import { openTargets } from './targets/index.js';
import { openVantage } from './targets/vantage.js';

/** The real far ends: SSH to gateways, relays and the register, questions to authoritative servers. */
export const openFarEnds: OpenFarEnds = (provider) => {
  const targets = openTargets(provider);
  return {
    targets,
    provider,
    queue: (relay, domain) => targets.queue(relay, domain),
    flush: (relay, domain) => targets.flush(relay, domain),
    mayPointAt: async (domain, hosts) =>
      mayPointAt(await observeMx(domain, provider.observers), hosts).map(reasonOf),
    vantage: openVantage(provider.vantagePoint),
    observeMx: (domain) => observeMx(domain, provider.observers),
    now: () => new Date(),
    close: () => targets.close(),
  };
};

const reasonOf = ({ server, outcome, records, problem }: MxObservation): string =>
  outcome === 'unknown'
    ? `${server} cannot be asked (${problem ?? 'no answer'}), and counts as one that still answers`
    : `${server} answers ${records.map(({ preference, exchange }) => `${preference} ${exchange}`).join(', ') || 'without authority'}`;
