import type { Domain, Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { ofEachDomain } from './domains.js';
import type { MxRecordSet, SpfRecordSet } from './elements.js';
import { stands, standsOrKept } from './kept.js';
import { relayOf } from './site.js';
import { byKey } from './sort.js';
import { withRelay } from './spf.js';

/**
 * Of a municipality as it is for one domain (domains.ts). The MX moves last: within stage 4, and only when a real mail has shown that the outgoing path, which this
 * stage opens, carries. Until that date stands in the file, stage 4 is what comes before in DOMAIN's order.
 */
export const mxMoved = (m: Municipality): boolean => stands(m, 4) && m.outgoingTestPassedOn !== undefined;

/** Domains at stage 4 whose MX waits for the test of their outgoing path. */
export const mxWaits = (m: Municipality): Domain[] =>
  ofEachDomain(m).flatMap(({ m: one, domain }) => (stands(one, 4) && !mxMoved(one) ? domain : []));

/** Whether SPF lists the relay, of a municipality as it is for one domain: from the stage before outgoing mail can move, until nothing of it is kept. */
export const spfListsRelay = (m: Municipality): boolean => standsOrKept(m, m.routing === 'teilweise' ? 4 : 3);

/** Adopted unchanged at stage 1; for complete routing the TTL is lowered at stage 3 and the MX moves at stage 4. */
export function mxRecordSets(m: Municipality, p: Platform): MxRecordSet[] {
  return ofEachDomain(m).flatMap(({ m: one, domain: { name, zone, writer, mx } }) => {
    if (!stands(one, 1)) return [];
    const prepared = m.routing === 'vollstaendig' && stands(one, 3);
    const { ttl, records } = mxMoved(one) ? relayOf(m, p).mx : mx;
    return {
      domain: name,
      zone,
      writer,
      ttl: prepared ? Math.min(ttl, p.loweredMxTtl) : ttl,
      records: byKey(records, ({ preference, host }) => [String(preference).padStart(5, '0'), host]),
    };
  });
}

/**
 * Only domains that have an SPF string: none is invented. It would claim to know all of the municipality's
 * senders, and could not be taken back, because going back never deletes a TXT set. At stage 0 a set stays
 * declared while anything is kept, so that the relay is written out of it before it is released.
 */
export function spfRecordSets(m: Municipality, p: Platform): SpfRecordSet[] {
  return ofEachDomain(m).flatMap(({ m: one, domain: { name, zone, writer, spf } }) =>
    spf === undefined || !standsOrKept(one, 1)
      ? []
      : {
          domain: name,
          zone,
          writer,
          ttl: spf.ttl,
          value: spfListsRelay(one) ? withRelay(spf.value, relayOf(m, p).spf, name, m.domains) : spf.value,
        },
  );
}
