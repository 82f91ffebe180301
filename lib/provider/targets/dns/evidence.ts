import { timestamp } from '../../time.js';
import { serversOf, type ZoneServer } from './authority.js';
import { DnsError, type DnsFault } from './fault.js';
import { sameName } from './names.js';
import { ask, fqdn, rcodeError, type DnsServerAddress, type Reply } from './query.js';
import { txtText } from './rdata.js';

/** Record sets of a mail domain that a cut-over rests on, by what they are, not by their DNS type. */
export const observedTypes = ['MX', 'SPF', 'DMARC', 'MTA-STS'] as const;
export type ObservedType = (typeof observedTypes)[number];

/** What one server of a zone said about one record set at one moment. */
export interface Observation {
  domain: string;
  type: ObservedType;
  /** Address, or the name where it has none. */
  server: string;
  /** RFC 3339 UTC, seconds. */
  at: string;
  /** Only such an answer says what caches will learn from this server. */
  authoritative: boolean;
  /**
   * The records as text, sorted, one a line: `10 mx1.relay.example.`, or the texts of one kind of TXT.
   * Empty: there is none. `CNAME name.` where the name is an alias.
   */
  data: string;
  /** Seconds; 0 where there is none. */
  ttl: number;
  /** Why nothing is known. */
  problem: string | undefined;
  /** The same in kind, where the server was asked. */
  fault?: DnsFault;
}

const places: Record<ObservedType, { under: string; type: 'MX' | 'TXT'; begins: RegExp }> = {
  MX: { under: '', type: 'MX', begins: /^/ },
  SPF: { under: '', type: 'TXT', begins: /^v=spf1(?: |$)/i },
  DMARC: { under: '_dmarc.', type: 'TXT', begins: /^v=DMARC1\s*(?:;|$)/i },
  'MTA-STS': { under: '_mta-sts.', type: 'TXT', begins: /^v=STSv1\s*(?:;|$)/ },
};

/**
 * Asks every server of the zone for every record set at once. A server that cannot be asked is an observation
 * too, and so is a zone without servers: what is not seen counts against a cut-over.
 */
export async function observeDomain(
  domain: string,
  resolver: DnsServerAddress,
  port = 53,
): Promise<Observation[]> {
  const servers = await serversOf(domain, resolver, port);
  const asked: readonly ZoneServer[] =
    servers.length > 0 ? servers : [{ name: `name servers of ${domain}`, address: undefined }];
  const all = observedTypes.map((type) =>
    asked.map(({ name, address }) =>
      observe(domain, type, name, address && { ...resolver, host: address, port }),
    ),
  );
  return Promise.all(all.flat());
}

async function observe(
  domain: string,
  type: ObservedType,
  name: string,
  server: DnsServerAddress | '' | undefined,
): Promise<Observation> {
  const nothing = { domain, type, authoritative: false, data: '', ttl: 0, problem: undefined };
  const at = (): string => timestamp(new Date());
  if (!server)
    return { ...nothing, server: name.replace(/\.$/, ''), at: at(), problem: 'no IPv4 address is known' };
  const { under, type: asked, begins } = places[type];
  try {
    const reply = await ask(server, fqdn(under + domain), asked);
    if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN')
      throw rcodeError(server, `${asked} of ${under}${domain}`, reply.rcode);
    const { data, ttl } = recordsIn(reply, fqdn(under + domain), begins);
    return { ...nothing, server: server.host, at: at(), authoritative: reply.flag_aa, data, ttl };
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return { ...nothing, server: server.host, at: at(), problem: error.message, fault: error.fault };
  }
}

function recordsIn(reply: Reply, name: string, begins: RegExp): Pick<Observation, 'data' | 'ttl'> {
  const texts: string[] = [];
  let ttl = 0;
  for (const answer of reply.answers ?? []) {
    if (!sameName(fqdn(answer.name), name)) continue;
    const text =
      answer.type === 'CNAME'
        ? `CNAME ${fqdn(answer.data).toLowerCase()}`
        : answer.type === 'MX'
          ? `${answer.data.preference ?? 0} ${fqdn(answer.data.exchange).toLowerCase()}`
          : answer.type === 'TXT'
            ? ofKind(txtText([answer.data].flat().map((string) => Buffer.from(string))), begins)
            : undefined;
    if (text === undefined) continue;
    texts.push(text);
    ttl = Math.max(ttl, ('ttl' in answer && answer.ttl) || 0);
  }
  return { data: texts.sort().join('\n'), ttl };
}

const ofKind = (text: string, begins: RegExp): string | undefined => (begins.test(text) ? text : undefined);
