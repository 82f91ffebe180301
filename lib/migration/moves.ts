import type { MxRecord, Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { mxMoved, spfRecordSets } from './dns.js';
import { ofEachDomain } from './domains.js';
import type { MxMove } from './elements.js';
import { stands } from './kept.js';
import { relayOf } from './site.js';
import { byKey } from './sort.js';
import { testDigest } from './test-digest.js';

/** What the gate has to know of each MX that is declared: whether this deploy moves it, only the zone's servers can say. */
export function mxMoves(m: Municipality, p: Platform): MxMove[] {
  const relay = relayOf(m, p);
  const written = new Map(spfRecordSets(m, p).map(({ domain, value }) => [domain, value]));
  const atRelay = hosts(relay.mx.records);
  const moves = ofEachDomain(m).flatMap(({ m: one, domain: { name, writer, mx, spf } }): MxMove[] => {
    if (!stands(one, 1)) return [];
    const own = hosts(mx.records);
    const move = {
      domain: name,
      relay: relay.name,
      ...(mxMoved(one)
        ? ({ towards: 'relay', to: atRelay, from: own } as const)
        : ({ towards: 'municipality', to: own, from: atRelay } as const)),
      // Not every hoster lets a TTL be lowered; the old one only makes every way longer, once it has gone by.
      loweredTtl: writer === 'hoster' ? Math.max(p.loweredMxTtl, mx.ttl) : p.loweredMxTtl,
      mxTtl: mx.ttl,
      spfTtl: spf?.ttl ?? 0,
      spf: relay.spf.join(' '),
      spfWritten: writer === 'hoster' ? '' : (written.get(name) ?? ''),
      tested: mxMoved(one) ? testDigest(m, p) : '',
    };
    return [move];
  });
  return byKey(moves, ({ domain }) => [domain]);
}

const hosts = (records: readonly MxRecord[]): string => records.map(({ host }) => host).join(' ');
