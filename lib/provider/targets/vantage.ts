import type { Answer } from 'dns-packet';
import { getServers } from 'node:dns';
import type { VantagePoint } from '../provider-config.js';
import type { Vantage } from '../vantage.js';
import { addressesOfHost } from './dns/authority.js';
import { withDmarcTarget } from './dns/dmarc-target.js';
import { observeDomain } from './dns/evidence.js';
import { DnsError } from './dns/fault.js';
import { parseServer } from './dns/observe.js';
import { ask, fqdn, type DnsServerAddress } from './dns/query.js';
import { txtText } from './dns/rdata.js';
import { spfCost } from './dns/spf-cost.js';
import { tlsaOf } from './dns/tlsa.js';
import { probeMailServer } from './smtp/probe.js';
import { withPolicy } from './sts-observed.js';
import { fetchPolicy, type StsPolicy } from './sts-policy.js';

/** The vantage point that this program runs at. */
export function openVantage({ name, resolver }: VantagePoint): Vantage {
  const server = resolverOf({ resolver });
  return {
    name,
    observe: async (domain) => {
      const seen = await observeDomain(domain, server);
      const followed = await withDmarcTarget(seen, (name) => textsOf(name, server));
      return withPolicy(followed, () => policyOf(domain, server));
    },
    addresses: (host) => addressesOfHost(host, server),
    spfCost: (domain, instead) => spfCost(domain, (asked, type) => dataOf(asked, type, server), instead),
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

/** @throws Error with the reason */
async function policyOf(domain: string, resolver: DnsServerAddress): Promise<StsPolicy> {
  const [address] = await addressesOfHost(`mta-sts.${domain}`, resolver);
  if (address === undefined) throw new Error(`mta-sts.${domain} has no IPv4 address`);
  return fetchPolicy({ domain, address });
}

type Looked = 'A' | 'MX' | 'TXT';

const dataOf = async (name: string, type: Looked, resolver: DnsServerAddress): Promise<string[]> =>
  (await answersOf(name, type, resolver)).map(textOf);

async function textsOf(name: string, resolver: DnsServerAddress): Promise<{ texts: string[]; ttl: number }> {
  const answers = await answersOf(name, 'TXT', resolver);
  const ttls = answers.map((answer) => ('ttl' in answer && answer.ttl) || 0);
  return { texts: answers.map(textOf), ttl: Math.max(0, ...ttls) };
}

/** @throws DnsError where the resolver does not say */
async function answersOf(name: string, type: Looked, resolver: DnsServerAddress): Promise<Answer[]> {
  const { rcode, answers = [] } = await ask(resolver, fqdn(name), type, true);
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN')
    throw new DnsError('server-failure', `it answers ${rcode}`, '');
  return answers.filter((answer) => answer.type === type);
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
