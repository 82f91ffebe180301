import { isIPv6 } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { exchange, type DnsServerAddress, type Reply } from '../../../dns/exchange.js';
import { DnsError } from './fault.js';
import { sameName } from './names.js';
import type { RecordData, RecordSet, RecordType } from './rdata.js';

export type { DnsServerAddress, Reply } from '../../../dns/exchange.js';

export interface DnsAnswer {
  /** The server holds the zone itself: nothing comes out of a cache. */
  authoritative: boolean;
  /** undefined: the name has no such record, or does not exist. */
  set: RecordSet | undefined;
}

/** What a server may be asked for. */
export type AskedType = RecordType | 'SOA' | 'NS' | 'A' | 'AAAA' | 'PTR' | 'TLSA';

export const serverTitle = (server: { host: string; port: number }): string =>
  `DNS server ${isIPv6(server.host) ? `[${server.host}]` : server.host}:${server.port}`;

/**
 * Asks for the records of one name and type, without recursion. Absent is an answer, everything that leaves
 * it open is a {@link DnsError}.
 */
export async function query(server: DnsServerAddress, name: string, type: RecordType): Promise<DnsAnswer> {
  const packet = await ask(server, name, type);
  const wanted = `${type} of ${name}`;
  if (packet.answers?.some((answer) => answer.type === 'CNAME' && sameName(fqdn(answer.name), name)))
    throw new DnsError(
      'alias',
      `${name} is an alias (CNAME) on ${serverTitle(server)}, so it cannot have an ${type}`,
      'Remove the CNAME at its source, or declare the records at the name it points to.',
    );
  const set = recordSet(packet, name, type);
  if (packet.rcode === 'NOERROR' || packet.rcode === 'NXDOMAIN')
    return { authoritative: packet.flag_aa, set };
  throw rcodeError(server, wanted, packet.rcode);
}

/** Names of zones that the server answers for, from the name upwards: the first one that holds it. */
export async function zoneOf(server: DnsServerAddress, name: string): Promise<string | undefined> {
  for (let at = name; at !== ''; at = at.slice(at.indexOf('.') + 1)) {
    const packet = await ask(server, at, 'SOA');
    if (
      packet.flag_aa &&
      packet.answers?.some((answer) => answer.type === 'SOA' && sameName(fqdn(answer.name), at))
    )
      return at;
  }
  return undefined;
}

/**
 * One question, and whatever the server answers. Repeats while there is no answer, or one that says "later"
 * (SERVFAIL, e.g. while a zone is being loaded).
 * @param recursive asks a resolver, not the server of a zone
 * @throws DnsError `unreachable`
 */
export async function ask(
  server: DnsServerAddress,
  name: string,
  type: AskedType,
  recursive = false,
): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    try {
      const packet = await exchange(server, { name: name.slice(0, -1), type, recursive });
      if (packet.rcode !== 'SERVFAIL' || attempt >= server.retries) return packet;
    } catch (error) {
      if (attempt >= server.retries)
        throw new DnsError(
          'unreachable',
          `${serverTitle(server)} does not answer a question for ${type} of ${name}: ${reason(error)}`,
          'Nothing is known about the records now, so nothing was concluded from it. Check the address, the port, the firewall and that the server runs, then run the command again.',
        );
    }
    await pause(100 * (attempt + 1));
  }
}

/** dns-packet gives names without the last dot. */
export const fqdn = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

function recordSet(packet: Reply, name: string, type: RecordType): RecordSet | undefined {
  const data: RecordData[] = [];
  let ttl = 0;
  for (const answer of packet.answers ?? []) {
    if (answer.type !== type || !sameName(fqdn(answer.name), name)) continue;
    // A set has one TTL (RFC 2181 5.2); where a server breaks that, the longest is how long caches may keep it.
    ttl = Math.max(ttl, answer.ttl ?? 0);
    if (answer.type === 'MX')
      data.push({
        type: 'MX',
        preference: answer.data.preference ?? 0,
        exchange: fqdn(answer.data.exchange),
      });
    else data.push({ type: 'TXT', strings: [answer.data].flat().map((string) => Buffer.from(string)) });
  }
  return data.length === 0 ? undefined : { ttl, data };
}

export function rcodeError(server: DnsServerAddress, wanted: string, rcode: string): DnsError {
  if (rcode === 'REFUSED' || rcode === 'NOTAUTH')
    return new DnsError(
      'zone',
      `${serverTitle(server)} refuses a question for ${wanted} (${rcode}): it does not serve the zone, or not to this client`,
      "Check the zone's name and the server's address; the server must hold the zone and answer this machine.",
    );
  return new DnsError(
    'server-failure',
    `${serverTitle(server)} could not answer a question for ${wanted} (${rcode})`,
    "Nothing is known about the records now. Look into the server's log (zone not loaded, expired or broken?), then run the command again.",
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND') return 'its name is unknown';
  // A name with several addresses fails with an AggregateError without a message of its own.
  return error.message || (code ?? error.name);
}
