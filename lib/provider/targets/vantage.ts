import type { Answer } from 'dns-packet';
import { getServers } from 'node:dns';
import type { VantagePoint } from '../provider-config.js';
import type { Vantage } from '../vantage.js';
import { addressesOfHost } from './dns/authority.js';
import { observeDomain, type Observation } from './dns/evidence.js';
import { DnsError } from './dns/fault.js';
import { parseServer } from './dns/observe.js';
import { ask, fqdn, type DnsServerAddress } from './dns/query.js';
import { txtText } from './dns/rdata.js';
import { spfCost } from './dns/spf-cost.js';
import { tlsaOf } from './dns/tlsa.js';
import { probeMailServer } from './smtp/probe.js';
import { fetchPolicy, policyText } from './sts-policy.js';

/** The vantage point that this program runs at. */
export function openVantage({ name, resolver }: VantagePoint): Vantage {
  const server = resolverOf({ resolver });
  return {
    name,
    observe: async (domain) => withPolicy(domain, await observeDomain(domain, server), server),
    spfCost: (domain) => spfCost(domain, (asked, type) => dataOf(asked, type, server)),
    tlsa: (host) => tlsaOf(host, server),
    askMailServer: async (host, recipients) => {
      const addresses = await addressesOfHost(host, server);
      const greeting = `${name}.invalid`;
      return Promise.all(
        addresses.map((address) => probeMailServer({ host, address, recipients, greeting })),
      );
    },
  };
}

/** The resolver that names are looked up with there. */
export function resolverOf({ resolver }: Pick<VantagePoint, 'resolver'>): DnsServerAddress {
  const [ofThisMachine = '127.0.0.1'] = getServers();
  return { ...parseServer(resolver ?? ofThisMachine), transport: 'tcp', timeoutMs: 3000, retries: 1 };
}

/**
 * An MTA-STS record points to a policy, which senders keep for a time of its own: both are one observation, and caches
 * have it for the longer of the two times.
 */
async function withPolicy(
  domain: string,
  observations: readonly Observation[],
  resolver: DnsServerAddress,
): Promise<Observation[]> {
  if (!observations.some(({ type, data }) => type === 'MTA-STS' && data !== '')) return [...observations];
  const policy = await policyOf(domain, resolver);
  return observations.map((observation) =>
    observation.type !== 'MTA-STS' || observation.data === ''
      ? observation
      : {
          ...observation,
          data: `${observation.data}\n${policy.text}`,
          ttl: Math.max(observation.ttl, policy.maxAge),
        },
  );
}

async function policyOf(
  domain: string,
  resolver: DnsServerAddress,
): Promise<{ text: string; maxAge: number }> {
  try {
    const [address] = await addressesOfHost(`mta-sts.${domain}`, resolver);
    if (address === undefined) return { text: `no policy: mta-sts.${domain} has no IPv4 address`, maxAge: 0 };
    const policy = await fetchPolicy({ domain, address });
    return { text: policyText(policy), maxAge: policy.maxAge };
  } catch (error) {
    return { text: `no policy: ${(error as Error).message}`, maxAge: 0 };
  }
}

/** @throws DnsError where the resolver does not say */
async function dataOf(name: string, type: 'A' | 'MX' | 'TXT', resolver: DnsServerAddress): Promise<string[]> {
  const { rcode, answers = [] } = await ask(resolver, fqdn(name), type, true);
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN')
    throw new DnsError('server-failure', `it answers ${rcode}`, '');
  return answers.flatMap((answer) => (answer.type === type ? [textOf(answer)] : []));
}

function textOf(answer: Answer): string {
  switch (answer.type) {
    case 'MX':
      return answer.data.exchange;
    case 'TXT':
      return txtText([answer.data].flat().map((string) => Buffer.from(string)));
    case 'A':
      return answer.data;
    default:
      return '';
  }
}
