import type { Reply } from '../../lib/smtp/reply.js';
import { extensions } from '../../lib/smtp/extensions.js';
import {
  checks,
  findings,
  neededSize,
  type CheckId,
  type FindingId,
} from '../../lib/vorabpruefung/checks.js';
import { domainRecords, judgeDomain, judgeHost } from '../../lib/vorabpruefung/dns.js';
import { judgeDialogue } from '../../lib/vorabpruefung/judge-dialogue.js';
import type { Lookup, LookupType, Resolve } from '../../lib/vorabpruefung/lookup.js';
import { reportText } from '../../lib/vorabpruefung/report-text.js';
import { printable, type Result } from '../../lib/vorabpruefung/report.js';
import type { Dialogue } from '../../lib/vorabpruefung/smtp.js';

const now = '2025-06-01T12:00:00Z';
const name = 'musterstadt.example';
const host = 'mail.musterstadt.example';

/** A resolver that knows these records, `TYPE NAME` → values or a status; other names exist without records. */
const resolver =
  (records: Record<string, string[] | Lookup['status']>): Resolve =>
  (at: string, type: LookupType) => {
    const known = records[`${type} ${at}`] ?? 'absent';
    return Promise.resolve(
      typeof known === 'string' ? { status: known, values: [] } : { status: 'found', values: known },
    );
  };

const findingOf = (results: readonly Result[], check: CheckId): [FindingId, string] | undefined => {
  const one = results.find((candidate) => candidate.check === check);
  return one && [one.finding, one.found];
};

async function dnsResults(records: Record<string, string[] | Lookup['status']>): Promise<Result[]> {
  const found = await domainRecords(name, resolver(records));
  return [...judgeDomain(found), ...found.hosts.flatMap((one) => judgeHost(name, one))];
}

describe('what the DNS says', () => {
  test.each<[CheckId, Record<string, string[] | Lookup['status']>, FindingId, string]>([
    ['dns-alias', {}, 'alias-none', ''],
    ['dns-alias', { [`CNAME ${name}`]: ['woanders.example'] }, 'alias', 'woanders.example'],
    ['dns-alias', { [`CNAME ${name}`]: 'failed' }, 'dns-failed', ''],
    ['dns-mx', { [`MX ${name}`]: [`10 ${host}`, '20 b.example'] }, 'mx-ok', `10 ${host}; 20 b.example`],
    ['dns-mx', {}, 'mx-missing', ''],
    ['dns-mx', { [`MX ${name}`]: ['0 '] }, 'mx-null', '0 '],
    ['dns-mx', { [`MX ${name}`]: 'name-missing' }, 'domain-missing', ''],
    ['dns-spf', { [`TXT ${name}`]: ['v=spf1 mx -all', 'other'] }, 'spf-ok', 'v=spf1 mx -all'],
    ['dns-spf', { [`TXT ${name}`]: ['V=SPF1 +ALL'] }, 'spf-open', 'V=SPF1 +ALL'],
    ['dns-spf', { [`TXT ${name}`]: ['v=spf1 a all'] }, 'spf-open', 'v=spf1 a all'],
    [
      'dns-spf',
      { [`TXT ${name}`]: ['v=spf1 include:all.example ~all'] },
      'spf-ok',
      'v=spf1 include:all.example ~all',
    ],
    ['dns-spf', { [`TXT ${name}`]: ['v=spf1', 'v=spf1 -all'] }, 'spf-several', 'v=spf1; v=spf1 -all'],
    ['dns-spf', { [`TXT ${name}`]: ['v=spf10 -all'] }, 'spf-missing', ''],
    ['dns-dmarc', { [`TXT _dmarc.${name}`]: ['v=DMARC1; p=none'] }, 'dmarc-ok', 'v=DMARC1; p=none'],
    ['dns-dmarc', { [`TXT _dmarc.${name}`]: ['v=dmarc1'] }, 'dmarc-missing', ''],
    ['dns-dkim', {}, 'dkim-possible', ''],
    ['dns-dkim', { [`TXT _domainkey.${name}`]: 'name-missing' }, 'dkim-missing', ''],
    ['dns-dnssec', { [`DNSKEY ${name}`]: ['DNSKEY'], [`DS ${name}`]: ['DS'] }, 'dnssec-ok', ''],
    ['dns-dnssec', { [`DNSKEY ${name}`]: ['DNSKEY'] }, 'dnssec-unanchored', ''],
    ['dns-dnssec', { [`DS ${name}`]: 'failed' }, 'dns-failed', ''],
    ['dns-mta-sts', { [`TXT _mta-sts.${name}`]: ['v=STSv1; id=1'] }, 'mta-sts-found', 'v=STSv1; id=1'],
  ])('%s of %j is %s', async (check, records, finding, found) => {
    expect(findingOf(await dnsResults(records), check)).toEqual([finding, found]);
  });

  test('of a domain that does not exist nothing else is said', async () => {
    const nowhere: Resolve = () => Promise.resolve({ status: 'name-missing', values: [] });
    const results = judgeDomain(await domainRecords(name, nowhere));
    expect(results.map(({ check, finding }) => [check, finding])).toEqual([
      ['dns-alias', 'not-reached'],
      ['dns-mx', 'domain-missing'],
      ...['dns-spf', 'dns-dmarc', 'dns-dkim', 'dns-dnssec', 'dns-mta-sts'].map((check) => [
        check,
        'not-reached',
      ]),
    ]);
  });

  test.each<[Record<string, string[] | Lookup['status']>, FindingId, string]>([
    [{ [`A ${host}`]: ['198.51.100.25'] }, 'mx-host-ok', '198.51.100.25'],
    [{ [`AAAA ${host}`]: ['2001:db8::25'] }, 'mx-host-ipv6', '2001:db8::25'],
    [{ [`A ${host}`]: ['172.31.0.1'] }, 'mx-host-private', '172.31.0.1'],
    [{ [`A ${host}`]: ['172.32.0.1'] }, 'mx-host-ok', '172.32.0.1'],
    [{ [`A ${host}`]: ['100.127.0.1'] }, 'mx-host-private', '100.127.0.1'],
    [{}, 'mx-host-missing', ''],
    [{ [`A ${host}`]: 'failed' }, 'dns-failed', ''],
  ])('an MX host with %j is %s', async (records, finding, found) => {
    const results = await dnsResults({ [`MX ${name}`]: [`10 ${host}`, `20 ${host}`], ...records });
    expect(findingOf(results, 'dns-mx-host')).toEqual([finding, found]);
    expect(results.filter(({ check }) => check === 'dns-mx-host')).toHaveLength(1);
  });
});

const reply = (code: number, ...lines: string[]): Reply => ({ code, lines });

const greeted = (...keywords: string[]): Dialogue => {
  const lines = [host, ...keywords];
  return { connect: 'open', banner: reply(220, host), ehlo: reply(250, ...lines), offers: extensions(lines) };
};

const certificate = (names: string[], validTo = '2025-12-01T00:00:00.000Z'): Dialogue['tls'] => ({
  protocol: 'TLSv1.3',
  cipher: 'any',
  certificate: {
    subject: 'x',
    issuer: 'y',
    selfSigned: false,
    names,
    validFrom: now,
    validTo,
    rsaBits: undefined,
  },
});

const judged = (seen: Dialogue): Result[] => judgeDialogue({ domain: name, server: host }, host, seen, now);

describe('what a dialogue says', () => {
  test.each<[CheckId, Dialogue, FindingId, string]>([
    ['smtp-banner', { connect: 'open' }, 'banner-missing', ''],
    ['smtp-banner', { connect: 'refused' }, 'not-reached', ''],
    [
      'smtp-ehlo',
      { connect: 'open', banner: reply(220), ehlo: reply(502, 'what?') },
      'ehlo-refused',
      '502 what?',
    ],
    ['smtp-starttls', greeted('XXXXXXXA'), 'starttls-masked', ''],
    ['smtp-starttls', greeted('PIPELINING'), 'starttls-missing', ''],
    ['smtp-starttls', greeted('STARTTLS'), 'not-reached', ''],
    ['smtp-size', greeted('SIZE'), 'size-ok', '0'],
    ['smtp-size', greeted(`SIZE ${neededSize}`), 'size-ok', String(neededSize)],
    ['smtp-size', greeted(`size ${neededSize - 1}`), 'size-small', String(neededSize - 1)],
    ['smtp-size', greeted(), 'size-unknown', ''],
    [
      'smtp-certificate',
      { ...greeted(), tls: certificate(['*.musterstadt.example']) },
      'certificate-ok',
      '*.musterstadt.example; 2025-12-01',
    ],
    [
      'smtp-certificate',
      { ...greeted(), tls: certificate(['*.example']) },
      'certificate-name',
      '*.example; 2025-12-01',
    ],
    [
      'smtp-certificate',
      { ...greeted(), tls: certificate([host], '2025-05-31T00:00:00.000Z') },
      'certificate-expired',
      `${host}; 2025-05-31`,
    ],
    [
      'smtp-postmaster',
      { ...greeted(), postmaster: reply(550, '5.7.54 Unable to relay recipient in non-accepted domain') },
      'domain-not-hosted',
      '550 5.7.54 Unable to relay recipient in non-accepted domain',
    ],
    [
      'smtp-postmaster',
      { ...greeted(), postmaster: reply(550, 'no such user') },
      'postmaster-missing',
      '550 no such user',
    ],
    ['smtp-unknown-recipient', { ...greeted(), unknown: reply(451, 'later') }, 'rcpt-deferred', '451 later'],
    ['smtp-open-relay', { ...greeted(), foreign: reply(250) }, 'relay-open', ''],
  ])('%s of %j is %s', (check, seen, finding, found) => {
    expect(findingOf(judged(seen), check)).toEqual([finding, found]);
  });

  test('every check of a dialogue has exactly one result, whatever was reached', () => {
    const expected = Object.keys(checks).filter((check) => check.startsWith('smtp-'));
    for (const seen of [{ connect: 'timeout' } as const, greeted('STARTTLS')]) {
      expect(judged(seen).map(({ check }) => check)).toEqual(expected);
    }
  });

  test('what a foreign server says is one short line of printable ASCII', () => {
    expect(printable(`a\u001b[31m\r\nü${'x'.repeat(300)}`)).toBe(`a?[31m???${'x'.repeat(191)}`);
  });
});

test('what is not in order says what to do', () => {
  const silent = Object.entries(findings).filter(
    ([, { severity, remedy }]) => severity !== 'ok' && remedy === '',
  );
  expect(silent.map(([id]) => id)).toEqual(['not-reached']);
});

test('the report says when in German time', () => {
  const report = {
    version: 1,
    program: 'mailversand',
    view: 'outside',
    at: now,
  } as const;
  expect(reportText({ ...report, domains: [name], results: [] })).toContain(
    'Stand:     01.06.2025, 14:00:00 Uhr\n',
  );
});
