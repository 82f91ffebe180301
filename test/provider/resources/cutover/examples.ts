import type { AskedHost, Cutover } from '../../../../lib/provider/resources/cutover/cutover.js';
import type { Move } from '../../../../lib/provider/resources/cutover/move.js';
import { noted, type Recorded } from '../../../../lib/provider/resources/cutover/recorded.js';
import type { Observation, ObservedType } from '../../../../lib/provider/targets/dns/evidence.js';

export const domain = 'musterstadt.example';

export const toRelay: Move = {
  domain,
  towards: 'relay',
  relay: 'relay1',
  to: ['mx1.relay.example'],
  from: ['mail.musterstadt.example'],
  loweredTtl: 300,
  mxTtl: 3600,
  spfTtl: 3600,
  spf: ['ip4:203.0.113.10'],
  spfWritten: '',
  tested: 'a',
};

export const back: Move = { ...toRelay, towards: 'municipality', to: toRelay.from, from: toRelay.to };

export const oldMx = '10 mail.musterstadt.example.';
export const oldSpf = 'v=spf1 ip4:198.51.100.25 -all';
export const newSpf = 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.25 -all';

/** Seconds after the first observation. */
export const at = (seconds: number): string =>
  new Date(Date.parse('2026-03-01T12:00:00Z') + seconds * 1000).toISOString().replace('.000Z', 'Z');

export const seen = (type: ObservedType, data: string, more: Partial<Observation> = {}): Observation => ({
  domain,
  type,
  server: '192.0.2.53',
  at: at(0),
  authoritative: true,
  data,
  ttl: 300,
  problem: undefined,
  ...more,
});

/** A server that says nothing. */
export const silent = (type: ObservedType, server = '192.0.2.54'): Observation =>
  seen(type, '', { server, authoritative: false, ttl: 0, problem: 'no answer within 3 s' });

/** TTLs of the municipality's file, in seconds. */
const declared: Partial<Record<ObservedType, number>> = { MX: 3600, SPF: 3600 };

/** The evidence of observations made one after the other. */
export const evidenceOf = (...observations: readonly Observation[]): Recorded[] => {
  const rows = new Map<string, Recorded>();
  for (const observation of observations) {
    const key = `${observation.type} ${observation.server}`;
    const row = noted(rows.get(key), observation, 'ops', declared[observation.type] ?? 0);
    if (row) rows.set(key, row);
  }
  return [...rows.values()];
};

/** What a host answers to the recipient that every domain has, and to one that none has. */
export const answering = (host: string, code: number, text = '2.1.5 Ok', unknown = 550): AskedHost => ({
  host,
  answers: [
    {
      address: '192.0.2.25',
      recipients: [
        { recipient: `postmaster@${domain}`, code, text },
        { recipient: `unbekannt-0@${domain}`, code: unknown, text },
      ],
      certificates: [],
      untrusted: undefined,
    },
  ],
});

/** A move against which nothing stands: lowered at 100 s, an hour ago. */
export const ready: Cutover = {
  move: toRelay,
  observations: [seen('MX', oldMx), seen('SPF', newSpf), seen('DMARC', ''), seen('MTA-STS', '')],
  recorded: evidenceOf(
    seen('MX', oldMx, { ttl: 3600 }),
    seen('SPF', oldSpf, { ttl: 3600 }),
    seen('MX', oldMx, { at: at(100) }),
    seen('SPF', newSpf, { at: at(100) }),
  ),
  askedTo: [answering('mx1.relay.example', 250)],
  askedFrom: [answering('mail.musterstadt.example', 250)],
  routed: true,
  spfCost: { lookUps: 10, voids: 2, problems: [] },
  tlsa: { 'mx1.relay.example': [] },
  tests: {
    anbindungstest: { passedAt: at(1000), digest: 'a' },
    ausgehend: { passedAt: at(2000), digest: 'a' },
  },
  testValidity: 604_800,
  now: new Date(at(3700)),
};
