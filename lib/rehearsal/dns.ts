import { randomBytes } from 'node:crypto';
import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { PlacedFile } from './files.js';
import type { Layout } from './layout.js';
import type { Signing } from './signing.js';

/** One TSIG key a zone, named like the zone, for the zones that the platform may write. */
export interface ZoneKey {
  /** With trailing dot. */
  name: string;
  algorithm: string;
  /** Base64. */
  secret: string;
}

export interface DnsFiles {
  files: PlacedFile[];
  keys: ZoneKey[];
}

const dot = (name: string): string => `${name}.`;
const soa =
  '@ 3600 SOA ns.rehearsal.example. hostmaster.rehearsal.example. 1 3600 600 86400 5\n@ 3600 NS ns.rehearsal.example.';
const storage = '/var/lib/knot/zones';

/**
 * Knot with every zone in which a municipality's domain lies, and the root zone for all other names and for
 * the names of addresses. A key may change MX and TXT of the municipalities' domains in its zone, and their
 * _mta-sts, nothing else: who can write _acme-challenge gets certificates.
 * @param signings what municipalities publish about how they sign their mail
 */
export function dnsFiles(
  platform: Platform,
  municipalities: Municipality[],
  layout: Layout,
  signings: readonly Signing[] = [],
): DnsFiles {
  const domains = municipalities.flatMap((municipality) => municipality.domains);
  const zones = [...new Set(domains.map(({ zone }) => zone))].sort();
  const zoneOf = (name: string): string | undefined =>
    zones.filter((zone) => name === zone || name.endsWith(`.${zone}`)).sort((a, b) => b.length - a.length)[0];

  const records = new Map<string | undefined, string[]>();
  const add = (name: string, line: string): void => {
    const zone = zoneOf(name);
    records.set(zone, [...(records.get(zone) ?? []), `${dot(name)} ${line}`]);
  };
  const servers = layout.hosts.find(({ name }) => name === 'dns');
  for (const address of plain(servers?.links.flatMap(({ addresses }) => addresses) ?? [])) {
    add('ns.rehearsal.example', `3600 A ${address}`);
  }
  // The parent's delegation, by which the vantage point finds the servers of a zone.
  for (const zone of zones)
    records.set(undefined, [...(records.get(undefined) ?? []), `${dot(zone)} 3600 NS ns.rehearsal.example.`]);
  for (const [name, addresses] of layout.addresses)
    for (const address of addresses) add(name, `60 A ${address}`);
  for (const [name, addresses] of layout.addresses) {
    for (const address of addresses) add(reverseName(address), `60 PTR ${dot(name)}`);
  }
  for (const { rejectedSender, addresses } of platform.relays) {
    if (rejectedSender === undefined) continue;
    add(rejectedSender, `60 A ${addresses.internet}`);
    add(rejectedSender, '60 TXT "v=spf1 -all"');
    add(`_dmarc.${rejectedSender}`, '60 TXT "v=DMARC1; p=reject"');
  }
  const own = new Set(domains.map(({ name }) => name));
  for (const party of layout.parties) {
    for (const domain of party.domains.filter((name) => !own.has(name)))
      add(domain, `60 MX 10 ${dot(party.mailHost)}`);
  }
  for (const { name, mx, spf } of domains) {
    for (const { preference, host } of mx.records) add(name, `${mx.ttl} MX ${preference} ${dot(host)}`);
    if (spf) add(name, `${spf.ttl} TXT "${spf.value}"`);
  }
  // What an SPF string includes is somebody else's, and has to be there: nobody sends from it here.
  const included = domains.flatMap(({ spf }) =>
    [...(spf?.value ?? '').matchAll(/(?:^| )[+?~-]?(?:include:|redirect=)([a-z0-9._-]+)/gi)].map(
      ([, name = '']) => name.toLowerCase(),
    ),
  );
  for (const name of new Set(included)) if (!own.has(name)) add(name, '60 TXT "v=spf1 -all"');
  for (const [name, line] of signings.flatMap(({ records }) => records)) add(name, line);

  const writable = zones.flatMap((zone) => {
    const inZone = domains.filter((domain) => domain.zone === zone);
    const server = platform.dnsServers.find(({ name }) => inZone.some(({ writer }) => writer === name));
    return server ? [{ zone, server, owners: inZone.map(({ name }) => name) }] : [];
  });
  const keys = writable.map(({ zone, server }) => ({
    name: dot(zone),
    algorithm: server.keyAlgorithm,
    secret: randomBytes(32).toString('base64'),
  }));
  const config = {
    server: {
      listen: [...plain(servers?.links.flatMap(({ addresses }) => addresses) ?? []), '127.0.0.1'].map(
        (a) => `${a}@53`,
      ),
      rundir: '/run/knot',
      user: 'knot:knot',
    },
    log: [{ target: '/var/log/knot.log', any: 'info' }],
    // The defaults reserve gigabytes, which a laboratory in memory does not have.
    database: {
      storage: '/var/lib/knot',
      'journal-db-max-size': '64M',
      'kasp-db-max-size': '8M',
      'timer-db-max-size': '8M',
    },
    key: keys.map(({ name, algorithm, secret }) => ({ id: name, algorithm, secret })),
    acl: writable.map(({ zone, owners }) => ({
      id: dot(zone),
      key: dot(zone),
      action: ['update', 'transfer'],
      'update-type': ['MX', 'TXT'],
      'update-owner': 'name',
      'update-owner-match': 'equal',
      'update-owner-name': owners.flatMap((name) => [dot(name), dot(`_mta-sts.${name}`)]),
    })),
    zone: [undefined, ...zones].map((zone) => ({
      domain: zone === undefined ? '.' : dot(zone),
      storage,
      file: `${zone ?? 'root'}.zone`,
      ...(writable.some((entry) => entry.zone === zone) ? { acl: [dot(zone ?? '')] } : {}),
    })),
  };
  return {
    keys,
    files: [
      { path: '/etc/knot/knot.conf', content: knotYaml(config), mode: 0o640 },
      ...[undefined, ...zones].map((zone) => ({
        path: `${storage}/${zone ?? 'root'}.zone`,
        content: [
          `$ORIGIN ${zone === undefined ? '.' : dot(zone)}`,
          soa,
          ...(records.get(zone) ?? []),
          '',
        ].join('\n'),
      })),
    ],
  };
}

const plain = (addresses: string[]): string[] => addresses.map((address) => address.replace(/\/\d+$/, ''));
const reverseName = (address: string): string => `${address.split('.').reverse().join('.')}.in-addr.arpa`;

type Scalar = string | string[];
type Section = Record<string, Scalar>;

/** Knot's configuration language is a small part of YAML with an order of its own: sections, then items. */
function knotYaml(config: Record<string, Section | Section[]>): string {
  const scalar = (value: Scalar): string =>
    Array.isArray(value)
      ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
      : JSON.stringify(value);
  const lines: string[] = [];
  for (const [name, section] of Object.entries(config)) {
    if (Array.isArray(section) && section.length === 0) continue;
    lines.push(`${name}:`);
    for (const item of Array.isArray(section) ? section : [section]) {
      Object.entries(item).forEach(([key, value], index) => {
        const lead = Array.isArray(section) ? (index === 0 ? '  - ' : '    ') : '  ';
        lines.push(`${lead}${key}: ${scalar(value)}`);
      });
    }
  }
  return `${lines.join('\n')}\n`;
}
