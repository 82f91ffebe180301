import type { Platform } from '../config/platform.js';
import type { HosterAnswer, HosterRecord } from '../migration/hoster-sheet.js';
import { nameServersOf } from '../provider/targets/dns/delegation.js';
import { DnsError } from '../provider/targets/dns/fault.js';
import { parseServer } from '../provider/targets/dns/observe.js';
import { query, type DnsAnswer } from '../provider/targets/dns/query.js';
import { presentation, txtText } from '../provider/targets/dns/rdata.js';

const limits = { timeoutMs: 3000, retries: 1, transport: 'tcp' } as const;

/**
 * What every authoritative server of a hoster's zone says about a record set now: the servers that it is
 * delegated to, or, where the platform's own servers hold it, those. A server that cannot be asked is among them.
 */
export async function observeHoster(record: HosterRecord, { dnsServers }: Platform): Promise<HosterAnswer[]> {
  const own = dnsServers.flatMap(({ authoritative }) => authoritative);
  const first = await Promise.all(own.map((server) => ask(server, record)));
  const held = first.filter(({ answer }) => answer !== undefined && answer.authoritative);
  const servers = held.length > 0 ? [] : await nameServersOf(record.domain);
  const seen = held.length > 0 ? held : await Promise.all(servers.map((server) => ask(server, record)));
  return seen.map(({ server, answer, problem }) => ({
    server,
    ttl: 0,
    data: [],
    ...(answer && answerOf(answer)),
    ...(problem === undefined ? {} : { problem }),
  }));
}

interface Asked {
  server: string;
  answer?: DnsAnswer;
  problem?: string;
}

async function ask(server: string, { domain, type }: HosterRecord): Promise<Asked> {
  try {
    const answer = await query({ ...parseServer(server), ...limits }, `${domain}.`, type);
    return answer.authoritative ? { server, answer } : { server, problem: 'hält die Zone nicht' };
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return { server, problem: error.message };
  }
}

function answerOf({ set }: DnsAnswer): Pick<HosterAnswer, 'ttl' | 'data'> {
  const texts = (set?.data ?? []).flatMap((data) =>
    data.type === 'MX' ? presentation(data).toLowerCase() : spfOnly(txtText(data.strings)),
  );
  return { ttl: set?.ttl ?? 0, data: texts.sort() };
}

const spfOnly = (text: string): string[] => (/^v=spf1( |$)/i.test(text) ? [text] : []);
