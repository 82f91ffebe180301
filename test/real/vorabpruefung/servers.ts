import type { CheckId, FindingId } from '../../../lib/vorabpruefung/checks.js';
import type { Server } from './lab.js';

/** A server, and everything that is found on it beside what is in order. */
export interface Case extends Server {
  what: string;
  found: Partial<Record<CheckId, FindingId>>;
}

const smtpd = (...options: string[]): string => ['smtp inet n - n - - smtpd', ...options].join('\n  -o ');
const notReached = (...checks: CheckId[]): Partial<Record<CheckId, FindingId>> =>
  Object.fromEntries(checks.map((check) => [check, 'not-reached']));

const recipients = ['smtp-postmaster', 'smtp-unknown-recipient', 'smtp-open-relay'] as const;
const dialogue = [
  'smtp-ehlo',
  'smtp-starttls',
  'smtp-certificate',
  'smtp-size',
  'smtp-null-sender',
  ...recipients,
] as const;

const cases: readonly Omit<Case, 'address'>[] = [
  { name: 'gesund', what: 'a healthy server', smtpd: smtpd(), found: {} },
  {
    name: 'nurtls',
    what: 'a healthy server that speaks encrypted only',
    smtpd: smtpd('smtpd_tls_security_level=encrypt'),
    found: {},
  },
  {
    name: 'klein',
    what: 'a size limit that is too small',
    smtpd: smtpd('message_size_limit=10240000'),
    found: { 'smtp-size': 'size-small' },
  },
  {
    name: 'klartext',
    what: 'no STARTTLS',
    smtpd: smtpd('smtpd_tls_security_level=none'),
    found: { 'smtp-starttls': 'starttls-missing', ...notReached('smtp-certificate') },
  },
  {
    name: 'alttls',
    what: 'TLS versions that nobody accepts any more',
    smtpd: smtpd('smtpd_tls_protocols=TLSv1'),
    found: { 'smtp-starttls': 'starttls-failed', ...notReached('smtp-certificate') },
  },
  {
    name: 'abgelaufen',
    what: 'an expired certificate',
    smtpd: smtpd('smtpd_tls_cert_file=/etc/ssl/expired.crt', 'smtpd_tls_key_file=/etc/ssl/expired.key'),
    found: { 'smtp-certificate': 'certificate-expired' },
  },
  {
    name: 'fremdname',
    what: 'a certificate for another name',
    smtpd: smtpd('smtpd_tls_cert_file=/etc/ssl/stranger.crt', 'smtpd_tls_key_file=/etc/ssl/stranger.key'),
    found: { 'smtp-certificate': 'certificate-name' },
  },
  {
    name: 'rueckwurf',
    what: 'unknown recipients accepted',
    smtpd: smtpd('virtual_mailbox_maps=static:all/'),
    found: { 'smtp-unknown-recipient': 'unknown-accepted' },
  },
  {
    name: 'offen',
    what: 'an open relay',
    smtpd: smtpd('mynetworks=0.0.0.0/0'),
    found: { 'smtp-open-relay': 'relay-open' },
  },
  {
    name: 'fremd',
    what: 'a server that has not the domain',
    smtpd: smtpd(),
    hosted: false,
    found: { 'smtp-postmaster': 'domain-not-hosted', ...notReached('smtp-unknown-recipient') },
  },
  {
    name: 'grau',
    what: 'greylisting',
    smtpd: smtpd('{ smtpd_recipient_restrictions = check_recipient_access static:{450 4.7.1 Greylisted} }'),
    found: { 'smtp-postmaster': 'rcpt-deferred', 'smtp-unknown-recipient': 'rcpt-deferred' },
  },
  {
    name: 'leer',
    what: 'the null sender refused',
    smtpd: smtpd(
      'smtpd_delay_reject=no',
      '{ smtpd_sender_restrictions = check_sender_access static:{550 no bounces} }',
    ),
    found: { 'smtp-null-sender': 'null-sender-refused', ...notReached(...recipients) },
  },
  {
    name: 'gesperrt',
    what: 'a greeting that refuses',
    smtpd: smtpd('smtpd_delay_reject=no', 'smtpd_client_restrictions=reject'),
    found: { 'smtp-banner': 'banner-refused', ...notReached(...dialogue) },
  },
  {
    name: 'verdeckt',
    what: 'a greeting hidden by a firewall',
    smtpd: smtpd('{ smtpd_banner = ******************** }'),
    found: { 'smtp-banner': 'banner-masked' },
  },
  {
    name: 'zu',
    what: 'nothing listening',
    found: { 'smtp-connect': 'connect-refused', ...notReached('smtp-banner', ...dialogue) },
  },
  {
    name: 'stumm',
    what: 'a firewall that drops',
    smtpd: smtpd(),
    found: { 'smtp-connect': 'connect-timeout', ...notReached('smtp-banner', ...dialogue) },
  },
  {
    name: 'ohnemx',
    what: 'no MX, SPF, DMARC or DKIM',
    records: ['@ A 198.51.100.99'],
    found: {
      'dns-mx': 'mx-missing',
      'dns-spf': 'spf-missing',
      'dns-dmarc': 'dmarc-missing',
      'dns-dkim': 'dkim-missing',
    },
  },
  {
    name: 'nullmx',
    what: 'a null MX, two SPF and two DMARC records, MTA-STS and a DNSKEY without DS',
    records: [
      '@ MX 0 .',
      '@ TXT "v=spf1 -all"',
      '@ TXT "v=spf1 mx ~all"',
      '_dmarc TXT "v=DMARC1; p=none"',
      '_dmarc TXT "v=DMARC1; p=reject"',
      '_mta-sts TXT "v=STSv1; id=1"',
      's1._domainkey TXT "v=DKIM1; p=AAAA"',
      '@ DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==',
    ],
    found: {
      'dns-mx': 'mx-null',
      'dns-spf': 'spf-several',
      'dns-dmarc': 'dmarc-several',
      'dns-mta-sts': 'mta-sts-found',
      'dns-dnssec': 'dnssec-unanchored',
    },
  },
  {
    name: 'namenlos',
    what: 'an MX host without an address, and an SPF record that lets everybody send',
    records: [
      '@ MX 10 mail',
      '@ TXT "v=spf1 " "mx +all"',
      '_dmarc TXT "v=DMARC1; p=none"',
      's1._domainkey TXT "x"',
    ],
    found: { 'dns-mx-host': 'mx-host-missing', 'dns-spf': 'spf-open' },
  },
  {
    name: 'umweg',
    what: 'an MX host that is an alias, with TLSA',
    smtpd: smtpd(),
    records: [
      '@ MX 10 mail',
      'mail CNAME host',
      'host A ADDRESS',
      '_25._tcp.mail TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000',
      '@ TXT "v=spf1 mx -all"',
      '_dmarc TXT "v=DMARC1; p=none"',
      's1._domainkey TXT "x"',
    ],
    found: { 'dns-mx-host': 'mx-host-alias', 'dns-tlsa': 'tlsa-found' },
  },
  {
    name: 'ohneamt',
    what: 'nobody who is postmaster',
    smtpd: smtpd('virtual_mailbox_maps=texthash:/dev/null'),
    found: { 'smtp-postmaster': 'postmaster-missing' },
  },
];

export const servers: readonly Case[] = cases.map((one, i) => {
  const address = `198.51.100.${30 + i}`;
  const records = one.records?.map((record) => record.replace('ADDRESS', address));
  return { ...one, address, ...(records ? { records } : {}) };
});
