import { timestamp } from '../migration/timestamp.js';
import { domainRecords, judgeDomain, judgeHost, type HostRecords } from './dns.js';
import { judgeDialogue } from './judge-dialogue.js';
import type { Resolve } from './lookup.js';
import type { Report, Result } from './report.js';
import { dialogue } from './smtp.js';

/**
 * Checks domains from outside, by name, over IPv4: what the DNS says, and what each mail server answers.
 * @param now seconds since the epoch
 */
export async function checkFromOutside(
  domains: readonly string[],
  now: number,
  resolve: Resolve,
): Promise<Report> {
  const at = timestamp(now);
  const results = await Promise.all(domains.map((domain) => checkDomain(domain, at, resolve)));
  return {
    version: 1,
    program: 'mailversand',
    view: 'outside',
    at,
    domains: [...domains],
    results: results.flat(),
  };
}

async function checkDomain(domain: string, at: string, resolve: Resolve): Promise<Result[]> {
  const records = await domainRecords(domain, resolve);
  const hosts = await Promise.all(records.hosts.map((host) => checkHost(domain, host, at)));
  return [...judgeDomain(records), ...hosts.flat()];
}

async function checkHost(domain: string, records: HostRecords, at: string): Promise<Result[]> {
  const { host, a } = records;
  const dialogues = await Promise.all(
    a.values.map(async (address) => {
      const subject = { domain, server: `${host} [${address}]` };
      return judgeDialogue(subject, host, await dialogue(address, host, domain), at);
    }),
  );
  return [...judgeHost(domain, records), ...dialogues.flat()];
}
