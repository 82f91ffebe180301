import { stringify } from 'yaml';
import { check } from '../../lib/config/check.js';
import type { Entry, Fleet, FleetRule } from '../../lib/config/fleet.js';
import { municipalitySchema } from '../../lib/config/municipality-file.js';
import { platformSchema } from '../../lib/config/platform-file.js';
import { formatProblems } from '../../lib/config/problem.js';
import { parseYaml, type Source } from '../../lib/config/yaml.js';

/** Mappings merge key by key; anything else replaces; undefined removes. */
export type Change = Record<string, unknown>;

const isMapping = (value: unknown): value is Change =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const merge = (base: Change, change: Change): Change => {
  const merged = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const old = merged[key];
    merged[key] = isMapping(old) && isMapping(value) ? merge(old, value) : value;
  }
  return merged;
};

const domain = (name: string): Change => ({
  name,
  writer: 'dns1',
  mx: { ttl: 3600, records: [`10 mail.${name}`] },
});

/** The text of a right municipality file, with changes. */
export function municipalityText(change: Change = {}): string {
  const base = {
    name: 'Musterstadt',
    ags: '15081901',
    stage: 0,
    order: { reference: 'FS-1' },
    contacts: { technical: 'IT', organisational: 'Hauptamt' },
    network: { link: 'c0', relayAlias: '192.168.10.250' },
    servers: [{ inside: '192.168.10.5', transfer: '10.128.0.1' }],
    domains: [domain('musterstadt.example')],
  };
  return stringify(merge(base, change), { aliasDuplicateObjects: false });
}

/** The text of a right platform file, with changes. */
export function platformText(change: Change = {}): string {
  const office = (name: string, nextHop: string) => ({ name: 'Amt', domains: [name], nextHop });
  const base = {
    name: 'rehearsal',
    senderQueueLifetime: '5d',
    loweredMxTtl: '300s',
    ndbDistribution: '2h',
    transferPool: ['10.128.0.0/16'],
    gateways: { gw1: { landesnetzLink: 'ln0', links: { c0: 1, c1: 2, c2: 3 }, ssh: { host: '10.64.0.1' } } },
    relays: {
      relay1: {
        mx: { ttl: 3600, records: ['10 mx1.landesnetz.example'] },
        spf: ['ip4:203.0.113.10'],
        addresses: {
          outgoing: '10.64.0.10',
          customers: '10.64.0.12',
          internal: '10.64.0.10',
          ndb: '10.64.0.11',
          internet: '203.0.113.10',
        },
        ssh: { host: '10.64.0.10' },
      },
    },
    dnsServers: { dns1: { host: '203.0.113.53' } },
    tenants: { amt: office('landesamt.example', '10.64.0.20') },
    ndbPartners: { bund: office('bund.example', '10.64.0.30:2525') },
    register: { ssh: { host: '10.64.0.40' } },
  };
  return stringify(merge(base, change), { aliasDuplicateObjects: false });
}

/** A second municipality that collides with the first in nothing. */
export const other: Change = {
  name: 'Beispielhausen',
  ags: '15082902',
  network: { link: 'c1' },
  servers: [{ inside: '192.168.10.5', transfer: '10.128.0.2' }],
  domains: [domain('beispielhausen.example')],
};

const entry = (id: string, change: Change): Entry => {
  const source = parseYaml(`${id}.yaml`, municipalityText(change));
  return { id, source, draft: check(source, municipalitySchema).draft ?? {} };
};

export interface FleetChanges {
  /** Municipalities by id. @default musterstadt as it is */
  municipalities?: Record<string, Change>;
  /** null: the platform file is not right. */
  platform?: Change | null;
}

export function fleet({ municipalities = { musterstadt: {} }, platform = {} }: FleetChanges): Fleet {
  const source: Source = parseYaml('platform.yaml', platformText(platform ?? { name: '!' }));
  const file = check(source, platformSchema).value;
  return {
    municipalities: Object.entries(municipalities).map(([id, change]) => entry(id, change)),
    platform: file && { source, file },
  };
}

/** What one rule says, as a person reads it. */
export const says = (rule: FleetRule, changes: FleetChanges): string =>
  formatProblems(rule.check(fleet(changes)));

/** The rule's verdict on one municipality with a change. */
export const saysOf = (rule: FleetRule, change: Change, platform: Change | null = {}): string =>
  says(rule, { municipalities: { musterstadt: change }, platform });
