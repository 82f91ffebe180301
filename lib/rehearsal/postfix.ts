import { readFile } from 'node:fs/promises';
import { fillTemplate, templatePath, type PlacedFile } from './files.js';
import type { Layout, Party } from './layout.js';
import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';

/** Where the relay's folder of maps appears, read only, on the hosts that route by what the relay announces. */
export const announcedMaps = '/opt/relay-maps';
/** The NdB partner's copy of the distributed table: domain → domain. */
export const mailertabelle = '/var/lib/mailertabelle/domains';
/** What the mailbox of the connection test answers with. */
const answerProgram = '/usr/local/lib/rehearsal/answer.sh';
/** Sender domain → next hop, for a municipality whose outgoing mail goes to the relay. */
export const outgoingMap = '/var/lib/outgoing/relayhosts';

/** The lmdb maps that a party's Postfix reads and that nobody else makes. */
export const ownMaps = (party: string): string[] =>
  party === 'ndb' ? [mailertabelle] : ['internet', 'tenant'].includes(party) ? [] : [outgoingMap];

/** What a party's Postfix has beyond templates/rehearsal/main.cf: how it chooses the way of its outgoing mail. */
function routing(party: Party, relay: Platform['relays'][number]): string[] {
  const announced = (listener: string, ...before: string[]): string =>
    `pipemap:{${[...before, `lmdb:${announcedMaps}/accept_${listener === relay.addresses.ndb ? 'ndb' : 'internal'}`, `inline:{OK=relay:[${listener}]:25}`].join(', ')}}`;
  switch (party.name) {
    case 'internet':
      return [];
    case 'tenant':
      return [`transport_maps = ${announced(relay.addresses.internal)}`];
    case 'ndb':
      // A partner may use the network only for domains of the table, and the relay takes only what it announces.
      return [`transport_maps = ${announced(relay.addresses.ndb, `lmdb:${mailertabelle}`)}`];
    default:
      return [`sender_dependent_relayhost_maps = lmdb:${outgoingMap}`];
  }
}

/**
 * A main.cf with further settings in place of its own, each in one line. A setting that stands twice is a warning of
 * every process that starts; postlogd writes its own into the socket that it has not begun to read, and waits for
 * ever if that is full.
 */
export function withSettings(main: string, title: string, settings: readonly string[]): string {
  const names = new Set(settings.map((line) => line.replace(/ =.*/, '')));
  const rest = main.split('\n').filter((line) => !names.has(line.replace(/ =.*/, '')));
  return [...rest, `# ${title}`, ...settings, ''].join('\n');
}

/** What a municipality's file says about its servers: further ports, and no TLS where none was agreed. */
function asAgreed({ servers, tls, domains, testMailbox }: Municipality): {
  main: string[];
  master: string[];
} {
  const ports = new Set(servers.flatMap((server) => server.ports));
  const rows = (text: (domain: string) => string): string =>
    `inline:{ ${domains.map(({ name }) => `{ ${text(name)} }`).join(', ')} }`;
  return {
    main: [
      '# The mailbox of the connection test keeps its mail, and answers.',
      `virtual_alias_maps = ${rows((name) => `${testMailbox}@${name} = ${testMailbox}@${name} antwort@${name}`)}`,
      `transport_maps = ${rows((name) => `antwort@${name} = answer:`)}`,
      ...(tls === 'may'
        ? ['# It need not offer TLS, so it does not.', 'smtpd_tls_security_level = none']
        : []),
    ],
    master: [
      ...[...ports].filter((port) => port !== 25).map((port) => `${port} inet n - n - - smtpd`),
      'answer unix - n n - - pipe',
      `  user=nobody argv=${answerProgram} \${sender} \${original_recipient}`,
    ],
  };
}

/** Configuration of one party's Postfix; `municipality` is its file, if it is one. */
export async function partyFiles(
  party: Party,
  platform: Platform,
  municipality?: Municipality,
): Promise<PlacedFile[]> {
  const [relay] = platform.relays;
  const agreed = municipality ? asAgreed(municipality) : { main: [], master: [] };
  const values = {
    NAME: party.mailHost,
    DOMAINS: party.domains.join(', '),
    // A municipality knows its mailboxes, or it would send back what it took: every name but those that begin so.
    MAILBOXES: municipality ? 'regexp:{ {!/^(unbekannt-|.*[%!].*@)/ all/} }' : 'static:all/',
  };
  const main = await fillTemplate('rehearsal/main.cf', values);
  const master = await fillTemplate('rehearsal/master.cf', {});
  const way = relay ? routing(party, relay) : [];
  return [
    {
      path: '/etc/postfix/main.cf',
      content: withSettings(main, 'Its way out, and what is agreed.', [...way, ...agreed.main]),
    },
    { path: '/etc/postfix/master.cf', content: [master, ...agreed.master, ''].join('\n') },
    {
      path: answerProgram,
      content: await readFile(templatePath('rehearsal', 'answer.sh'), 'utf8'),
      mode: 0o755,
    },
  ];
}

/** The relay as templates/relay describes it, with a laboratory's times. */
export async function relayFiles(platform: Platform, layout: Layout): Promise<PlacedFile[]> {
  const [relay] = platform.relays;
  if (!relay) return [];
  const networks = layout.hosts.find(({ name }) => name === 'tenant')?.links ?? [];
  const values = {
    NAME: relay.mx.records[0]?.host ?? relay.name,
    INTERNET: relay.addresses.internet,
    NDB: relay.addresses.ndb,
    INTERNAL: relay.addresses.internal,
    CUSTOMERS: relay.addresses.customers,
    OUTGOING: relay.addresses.outgoing,
    TENANT_NETWORKS: networks
      .filter(({ segment }) => segment === 'ln')
      .flatMap(({ addresses }) => addresses.map((address) => address.replace(/\/\d+$/, '/32')))
      .join(', '),
    POSTMASTER: `postmaster@${platform.tenants[0]?.domains[0] ?? 'absender.example'}`,
    CERTIFICATE: '/etc/ssl/rehearsal.crt',
    KEY: '/etc/ssl/rehearsal.key',
    MAPS: '/var/lib/mailversand-relay',
  };
  const laboratory = [
    'maillog_file = /var/log/mail.log',
    'minimal_backoff_time = 5s',
    'maximal_backoff_time = 10s',
    'queue_run_delay = 5s',
    'smtp_connect_timeout = 3s',
    // A recipient that could not be asked about is asked about again as soon as his sender tries again.
    'address_verify_negative_refresh_time = 5s',
  ];
  const main = withSettings(await fillTemplate('relay/main.cf', values), 'Of the rehearsal.', laboratory);
  return [
    { path: '/etc/postfix/main.cf', content: main },
    { path: '/etc/postfix/master.cf', content: await fillTemplate('relay/master.cf', values) },
  ];
}
