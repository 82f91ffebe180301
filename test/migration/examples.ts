import type { Municipality, StageNumber } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';

const ssh = { host: '10.64.0.1', port: 22, user: 'mv-gateway', platformUser: 'mv-platform' };

/** One gateway with two customers, one relay. Times are easy to tell apart: 100 s queues, 20 s NdB, 60 s MX. */
export const platform: Platform = {
  name: 'probe',
  senderQueueLifetime: 100,
  loweredMxTtl: 60,
  ndbDistribution: 20,
  testValidity: 604_800,
  queueLimit: 100,
  settlingTime: 30,
  silenceTime: 50,
  transferPool: ['10.128.0.0/16'],
  gateways: [
    {
      name: 'gw1',
      landesnetzLink: 'ln0',
      links: [
        { name: 'c0', mark: 1 },
        { name: 'c1', mark: 2 },
      ],
      ssh,
    },
  ],
  relays: [
    {
      name: 'relay1',
      mx: { ttl: 300, records: [{ preference: 10, host: 'mx1.relay.example' }] },
      spf: ['ip4:203.0.113.10'],
      addresses: {
        outgoing: '10.64.0.10',
        customers: '10.64.0.12',
        internal: '10.64.0.10',
        ndb: '10.64.0.11',
        internet: '203.0.113.10',
      },
      ssh: { ...ssh, probeUser: 'mv-probe' },
    },
  ],
  dnsServers: [
    {
      name: 'dns1',
      host: '203.0.113.53',
      port: 53,
      keyAlgorithm: 'hmac-sha256',
      authoritative: ['203.0.113.53'],
    },
  ],
  tenants: [{ name: 'amt', domains: ['amt.example'], nextHop: '[10.64.0.20]:25' }],
  ndbPartners: [{ name: 'bund', domains: ['bund.example'], nextHop: '[10.64.0.30]:25' }],
  register: { ssh },
};

/** Complete routing, one server, one domain, every fact there. */
export const musterstadt: Municipality = {
  id: 'musterstadt',
  name: 'Musterstadt',
  ags: '15083999',
  stage: 0,
  routing: 'vollstaendig',
  order: { reference: 'EGM-2025-0001', approvedOn: '2025-01-20', validUntil: '2027-12-31' },
  contacts: { technical: 'IT-Leitung', organisational: 'Hauptamt' },
  network: { gateway: 'gw1', link: 'c0', relayAlias: '192.168.10.250' },
  relay: 'relay1',
  servers: [{ inside: '192.168.10.5', transfer: '10.128.0.1', ports: [25] }],
  domains: [
    {
      name: 'musterstadt.example',
      zone: 'musterstadt.example',
      writer: 'dns1',
      mx: { ttl: 3600, records: [{ preference: 10, host: 'mail.musterstadt.example' }] },
      spf: { ttl: 3600, value: 'v=spf1 mx ip4:198.51.100.25 -all' },
      ndb: { reference: 'NDB-17', reportedOn: '2025-03-01', confirmedOn: '2025-03-08' },
    },
  ],
  limits: { internalMb: 100, internetMb: 35 },
  tls: 'encrypt',
  testMailbox: 'anbindungstest',
  connectionTestPassedOn: '2025-02-10',
  outgoingTestPassedOn: '2025-04-01',
  forwarding: [],
  kept: [],
};

/** Partial routing: incoming mail of tenants and the NdB only. */
export const teilhausen: Municipality = {
  ...musterstadt,
  id: 'teilhausen',
  name: 'Teilhausen',
  routing: 'teilweise',
};

/** Two servers, one of them with two ports; two domains, one of them at a hoster and without SPF. */
export const doppelstadt: Municipality = {
  ...musterstadt,
  id: 'doppelstadt',
  name: 'Doppelstadt',
  ags: '15083998',
  servers: [
    { inside: '192.168.10.6', transfer: '10.128.0.3', ports: [25, 2525] },
    { inside: '192.168.10.5', transfer: '10.128.0.2', ports: [25] },
  ],
  domains: [
    ...musterstadt.domains.map((domain) => ({ ...domain, name: 'stadt.example', zone: 'stadt.example' })),
    {
      name: 'doppelstadt.example',
      zone: 'doppelstadt.example',
      writer: 'hoster',
      mx: {
        ttl: 86400,
        records: [
          { preference: 20, host: 'b.doppelstadt.example' },
          { preference: 10, host: 'a.doppelstadt.example' },
        ],
      },
      ndb: { reference: 'NDB-18', reportedOn: '2025-03-01', confirmedOn: '2025-03-08' },
    },
  ],
};

export const at = (stage: StageNumber, m: Municipality = musterstadt): Municipality => ({ ...m, stage });

/** The NdB has confirmed the withdrawal of all its domains. */
export const withdrawn = (m: Municipality): Municipality => ({
  ...m,
  domains: m.domains.map((domain) =>
    domain.ndb ? { ...domain, ndb: { ...domain.ndb, withdrawnOn: '2025-06-01' } } : domain,
  ),
});

export const now = new Date('2025-06-01T12:00:00.700Z');

/** `now` and so many seconds, as the files write it. */
export const after = (seconds: number): string =>
  new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000).toISOString().replace('.000Z', 'Z');
