import type { Wait } from '../../definition.js';
import type { ObservedType } from '../../targets/dns/evidence.js';
import { timestamp } from '../../time.js';
import { shownNow, unseen, type Evidence } from './cutover.js';
import { agedAt, isStale } from './recorded.js';

/**
 * Why what the servers show now may not yet be what all caches have: a server that says nothing, evidence that is
 * missing, a time that is not over.
 * @param declaredTtl seconds, from the municipality's file
 */
export function notAged(evidence: Evidence, type: ObservedType, declaredTtl: number): Wait[] {
  const waits = shownNow(evidence, type).flatMap(({ server, data, ttl }): Wait[] => {
    const known = evidence.recorded.find((row) => row.type === type && row.server === server);
    if (known?.data !== data || known.ttl !== ttl)
      return [{ what: `${server} shows it with TTL ${ttl}, which is not recorded: its clock has not begun` }];
    if (isStale(known, evidence.now))
      return [
        { what: `${server} was looked at last at ${known.seenAt}: its clock begins anew with the next look` },
      ];
    const end = agedAt(known, declaredTtl);
    return evidence.now < end
      ? [{ what: `${server} was seen so since ${known.since}`, until: timestamp(end) }]
      : [];
  });
  return [...unseen(evidence, type).map((what) => ({ what })), ...waits];
}

/** How waiting is done, for a remedy. */
export const observeCommand = 'npx mailversand beobachten';
