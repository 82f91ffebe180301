import type { Answer } from 'dns-packet';
import type { DNSResolver } from 'mailauth';
import { ask, fqdn, type AskedType, type DnsServerAddress } from '../provider/targets/dns/query.js';

/** Looks names up with a server instead of this machine's, in the shape of `dns.promises.resolve`, which mailauth expects. */
export const resolverAt =
  (server: DnsServerAddress): DNSResolver =>
  async (name, type) => {
    const { rcode, answers = [] } = await ask(server, fqdn(name), type as AskedType, true);
    if (rcode === 'NXDOMAIN') throw failure('ENOTFOUND', name);
    if (rcode !== 'NOERROR') throw failure(`E${rcode}`, name);
    const found = answers.filter((answer) => answer.type === type).map(dataOf);
    if (found.length === 0) throw failure('ENODATA', name);
    return found as string[];
  };

const failure = (code: string, name: string): Error =>
  Object.assign(new Error(`the resolver answers ${code.slice(1)} for ${name}`), { code });

function dataOf(answer: Answer): unknown {
  switch (answer.type) {
    case 'TXT':
      return [answer.data].flat().map(String);
    case 'MX':
      return { exchange: answer.data.exchange, priority: answer.data.preference ?? 0 };
    default:
      return 'data' in answer ? answer.data : undefined;
  }
}
