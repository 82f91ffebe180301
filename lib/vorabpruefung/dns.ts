import type { FindingId } from './checks.js';
import type { Lookup, LookupType, Resolve } from './lookup.js';
import { result, type Result, type Subject } from './report.js';

/** What the DNS says about a domain. */
export interface DomainRecords {
  domain: string;
  alias: Lookup;
  mx: Lookup;
  txt: Lookup;
  dmarc: Lookup;
  /** TXT at `_domainkey`: only whether the name exists counts (RFC 8020: if not, no selector does). */
  domainkey: Lookup;
  dnskey: Lookup;
  ds: Lookup;
  mtaSts: Lookup;
  /** Of each host in the MX set. */
  hosts: HostRecords[];
}

export interface HostRecords {
  host: string;
  alias: Lookup;
  a: Lookup;
  aaaa: Lookup;
  tlsa: Lookup;
}

export async function domainRecords(domain: string, resolve: Resolve): Promise<DomainRecords> {
  const at = (type: LookupType, label = ''): Promise<Lookup> => resolve(`${label}${domain}`, type);
  const [alias, mx, txt, dmarc, domainkey, dnskey, ds, mtaSts] = await Promise.all([
    at('CNAME'),
    at('MX'),
    at('TXT'),
    at('TXT', '_dmarc.'),
    at('TXT', '_domainkey.'),
    at('DNSKEY'),
    at('DS'),
    at('TXT', '_mta-sts.'),
  ]);
  const hosts = await Promise.all(mxHosts(mx).map((host) => hostRecords(host, resolve)));
  return { domain, alias, mx, txt, dmarc, domainkey, dnskey, ds, mtaSts, hosts };
}

async function hostRecords(host: string, resolve: Resolve): Promise<HostRecords> {
  const [alias, a, aaaa, tlsa] = await Promise.all([
    resolve(host, 'CNAME'),
    resolve(host, 'A'),
    resolve(host, 'AAAA'),
    resolve(`_25._tcp.${host}`, 'TLSA'),
  ]);
  return { host, alias, a, aaaa, tlsa };
}

/** Hosts of an MX set, each once, in its order; a null MX (RFC 7505) has none. */
const mxHosts = ({ values }: Lookup): string[] => [
  ...new Set(values.map((record) => record.replace(/^\d+ /, '')).filter((host) => host !== '')),
];

/** Results about the domain itself. */
export function judgeDomain(records: DomainRecords): Result[] {
  const { domain, alias, mx, txt, dmarc, domainkey, dnskey, ds, mtaSts } = records;
  const subject = { domain, server: '' };
  // A name that does not exist has no record of any type and no names below it: one sentence says all of it.
  const isMissing = alias.status === 'name-missing';
  const of = (check: Result['check'], verdict: Verdict): Result => {
    const missing: Verdict = [check === 'dns-mx' ? 'domain-missing' : 'not-reached'];
    const [finding, found] = isMissing ? missing : verdict;
    return result(check, subject, finding, found);
  };
  return [
    of(
      'dns-alias',
      ifAnswered(alias, ({ values }) => (values.length > 0 ? ['alias', list(values)] : ['alias-none'])),
    ),
    of('dns-mx', ifAnswered(mx, judgeMx)),
    of(
      'dns-spf',
      ifAnswered(txt, ({ values }) => judgeSpf(values.filter((text) => /^v=spf1( |$)/i.test(text)))),
    ),
    of(
      'dns-dmarc',
      ifAnswered(dmarc, ({ values }) => judgeDmarc(values.filter((text) => /^v=DMARC1/.test(text)))),
    ),
    of(
      'dns-dkim',
      ifAnswered(domainkey, ({ status }) => [status === 'name-missing' ? 'dkim-missing' : 'dkim-possible']),
    ),
    of(
      'dns-dnssec',
      ifAnswered(dnskey, () => ifAnswered(ds, () => judgeDnssec(dnskey, ds))),
    ),
    of(
      'dns-mta-sts',
      ifAnswered(mtaSts, ({ values }) => judgeMtaSts(values.filter((text) => /^v=STSv1/.test(text)))),
    ),
  ];
}

/** Results about one host of the MX set. */
export function judgeHost(domain: string, { host, alias, a, aaaa, tlsa }: HostRecords): Result[] {
  const subject: Subject = { domain, server: host };
  const [finding, found] = ifAnswered(alias, () => ifAnswered(a, () => judgeAddresses(alias, a, aaaa)));
  const [dane] = ifAnswered(tlsa, ({ status }): Verdict => [status === 'found' ? 'tlsa-found' : 'tlsa-none']);
  return [result('dns-mx-host', subject, finding, found), result('dns-tlsa', subject, dane)];
}

type Verdict = readonly [finding: FindingId, found?: string];

const list = (values: readonly string[]): string => values.join('; ');

const ifAnswered = (lookup: Lookup, judge: (lookup: Lookup) => Verdict): Verdict =>
  lookup.status === 'failed' ? ['dns-failed'] : judge(lookup);

function judgeMx({ status, values }: Lookup): Verdict {
  if (status === 'name-missing') return ['domain-missing'];
  if (status === 'absent') return ['mx-missing'];
  return [values.some((record) => record.endsWith(' ')) ? 'mx-null' : 'mx-ok', list(values)];
}

function judgeSpf(records: readonly string[]): Verdict {
  if (records.length === 0) return ['spf-missing'];
  if (records.length > 1) return ['spf-several', list(records)];
  return [records.some((record) => / \+?all( |$)/i.test(record)) ? 'spf-open' : 'spf-ok', list(records)];
}

function judgeDmarc(records: readonly string[]): Verdict {
  if (records.length === 0) return ['dmarc-missing'];
  return [records.length > 1 ? 'dmarc-several' : 'dmarc-ok', list(records)];
}

function judgeDnssec(dnskey: Lookup, ds: Lookup): Verdict {
  if (dnskey.status !== 'found') return ['dnssec-none'];
  return [ds.status === 'found' ? 'dnssec-ok' : 'dnssec-unanchored'];
}

const judgeMtaSts = (records: readonly string[]): Verdict =>
  records.length === 0 ? ['mta-sts-none'] : ['mta-sts-found', list(records)];

function judgeAddresses(alias: Lookup, a: Lookup, aaaa: Lookup): Verdict {
  const found = list([...a.values, ...aaaa.values]);
  if (alias.values.length > 0) return ['mx-host-alias', list(alias.values)];
  if (found === '') return ['mx-host-missing'];
  if (a.values.length === 0) return ['mx-host-ipv6', found];
  return [a.values.some(isPrivate) ? 'mx-host-private' : 'mx-host-ok', found];
}

/** RFC 1918, RFC 6598, loopback, link-local. */
const isPrivate = (address: string): boolean =>
  /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(address);
