import type { Answer } from 'dns-packet';
import { exchange, type DnsServerAddress } from '../dns/exchange.js';

export type LookupType = 'A' | 'AAAA' | 'CNAME' | 'DNSKEY' | 'DS' | 'MX' | 'TLSA' | 'TXT';

/** What a resolver knows of one name and type. */
export interface Lookup {
  status: 'found' | 'absent' | 'name-missing' | 'failed';
  /**
   * Sorted. Addresses and names in lower case without trailing dot, `10 mail.x.example` for an MX, the joined
   * strings of a TXT; of other types only how many there are counts.
   */
  values: string[];
}

export type Resolve = (name: string, type: LookupType) => Promise<Lookup>;

/** Asks resolvers, one after the other, until one gives an answer. @param servers as Node lists this machine's */
export const resolveBy =
  (servers: readonly string[]): Resolve =>
  async (name, type) => {
    for (const server of servers.map(address)) {
      try {
        const { rcode, answers = [] } = await exchange(server, { name, type, recursive: true });
        if (rcode === 'NXDOMAIN') return { status: 'name-missing', values: [] };
        if (rcode !== 'NOERROR') continue;
        const values = answers.filter((answer) => answer.type === type).map(value);
        return { status: values.length > 0 ? 'found' : 'absent', values: sorted(type, values) };
      } catch {
        // Another resolver may do better.
      }
    }
    return { status: 'failed', values: [] };
  };

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`, as Node lists them. */
function address(server: string): DnsServerAddress {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(server) ?? [];
  return {
    host: bracketed ?? plain ?? server,
    port: Number(port ?? 53),
    transport: 'udp',
    timeoutMs: 5000,
    retries: 0,
  };
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

function value(answer: Answer): string {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return answer.data;
    case 'CNAME':
      return plain(answer.data);
    case 'MX':
      return `${answer.data.preference ?? 0} ${plain(answer.data.exchange)}`;
    case 'TXT':
      return [answer.data].flat().map(String).join('');
    default:
      return answer.type;
  }
}

const sorted = (type: LookupType, values: string[]): string[] =>
  values.sort(
    (a, b) => (type === 'MX' ? Number.parseInt(a, 10) - Number.parseInt(b, 10) : 0) || (a < b ? -1 : 1),
  );
