import type { MxRecord, Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { mxMoved } from './dns.js';
import type { MxMove } from './elements.js';
import { stands } from './kept.js';
import { relayOf } from './site.js';
import { byKey } from './sort.js';

/** What the gate has to know of each MX that is declared: whether this deploy moves it, only the zone's servers can say. */
export function mxMoves(m: Municipality, p: Platform): MxMove[] {
  if (!stands(m, 1)) return [];
  const relay = relayOf(m, p);
  const atRelay = hosts(relay.mx.records);
  const moves = m.domains.map(({ name, mx, spf }): MxMove => {
    const own = hosts(mx.records);
    return {
      domain: name,
      relay: relay.name,
      towards: mxMoved(m) ? 'relay' : 'municipality',
      to: mxMoved(m) ? atRelay : own,
      from: mxMoved(m) ? own : atRelay,
      loweredTtl: p.loweredMxTtl,
      mxTtl: mx.ttl,
      spfTtl: spf?.ttl ?? 0,
      spf: relay.spf.join(' '),
    };
  });
  return byKey(moves, ({ domain }) => [domain]);
}

const hosts = (records: readonly MxRecord[]): string => records.map(({ host }) => host).join(' ');
