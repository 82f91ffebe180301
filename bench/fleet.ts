import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Where a generated fleet lies, as the app takes it from its environment. */
export interface Fleet {
  readonly MAILVERSAND_MUNICIPALITIES: string;
  readonly MAILVERSAND_PLATFORM: string;
}

/** `n` invented municipalities, in all stages, and a platform with a link for each. */
export function writeFleet(folder: string, n: number): Fleet {
  const municipalities = join(folder, 'municipalities');
  mkdirSync(municipalities, { recursive: true });
  for (let i = 0; i < n; i++) {
    writeFileSync(join(municipalities, `${municipalityId(i)}.yaml`), stringify(municipality(i)));
  }
  const platformFile = join(folder, 'platform.yaml');
  writeFileSync(platformFile, stringify(platform(n)));
  return { MAILVERSAND_MUNICIPALITIES: municipalities, MAILVERSAND_PLATFORM: platformFile };
}

export const municipalityId = (i: number): string => `gemeinde-${String(i).padStart(5, '0')}`;

// A Land of which the schema checks no Kreise: unique for any number.
const ags = (i: number): string => `09${String(100_001 + i)}`;
const transfer = (i: number): string => `10.128.${String(Math.floor(i / 250))}.${String((i % 250) + 1)}`;
/** Marks 253 to 255 are the kernel's own routing tables. */
const mark = (i: number): number => (i < 252 ? i + 1 : i + 4);

function municipality(i: number): object {
  const domain = `${municipalityId(i)}.example`;
  const stage = i % 5;
  return {
    name: `Gemeinde ${String(i)}`,
    ags: ags(i),
    stage,
    order: { reference: `FRE-2026-${String(i)}`, approvedOn: '2026-01-15', validUntil: '2030-12-31' },
    contacts: { technical: 'IT-Leitung', organisational: 'Hauptamt' },
    network: { link: `c${String(i)}`, relayAlias: '192.168.10.250' },
    servers: [{ inside: '192.168.10.5', transfer: transfer(i) }],
    domains: [
      {
        name: domain,
        writer: 'landesnetz-dns',
        mx: { ttl: 3600, records: [`10 mail.${domain}`] },
        spf: { value: 'v=spf1 mx -all' },
        ndb: { reference: `NDB-2026-${String(i)}`, reportedOn: '2026-02-01', confirmedOn: '2026-02-10' },
      },
    ],
    connectionTestPassedOn: '2026-01-20',
    outgoingTestPassedOn: '2026-02-20',
  };
}

const platform = (n: number): object => ({
  name: 'rehearsal',
  senderQueueLifetime: '5d',
  loweredMxTtl: '5m',
  ndbDistribution: '7d',
  transferPool: ['10.128.0.0/16'],
  gateways: {
    gw1: {
      landesnetzLink: 'ln0',
      links: Object.fromEntries(Array.from({ length: n }, (_, i) => [`c${String(i)}`, mark(i)])),
      ssh: { host: '10.64.0.1' },
    },
  },
  relays: {
    relay1: {
      mx: { ttl: 3600, records: ['10 mx1.dataport.example'] },
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
  dnsServers: { 'landesnetz-dns': { host: '203.0.113.53' } },
  register: { ssh: { host: '10.64.0.40' } },
});
