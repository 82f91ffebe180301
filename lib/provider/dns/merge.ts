import { DnsError } from '../targets/dns/fault.js';
import { describeSet, sameData, sameSet, type RecordData, type RecordSet } from '../targets/dns/rdata.js';
import type { RecordSetKind } from './kind.js';
import { secondSpf } from './txt.js';

/** For messages: `MX of musterstadt.example. on DNS server 192.0.2.53:53`. */
export type Title = string;

/**
 * The whole set that has to be live after a create. Equal to the live one: it is adopted and nothing is
 * written. Nothing of a different set is overwritten.
 */
export function created(
  kind: RecordSetKind,
  title: Title,
  live: RecordSet | undefined,
  wanted: RecordSet,
): RecordSet {
  if (live === undefined) return checked(kind, title, wanted);
  const { ours, others } = kind.share(live.data, wanted.data);
  const missing = without(wanted.data, ours);
  const complete = missing.length === 0 || kind.addsToOthers;
  if (live.ttl !== wanted.ttl || without(ours, wanted.data).length > 0 || !complete)
    throw new DnsError(
      'differs',
      `${title} is there already and differs: live is ${describeSet(live)}, wanted is ${describeSet(wanted)}`,
      'Nothing was written. Declare exactly what is live, TTL included, and deploy: it is adopted without a change. Then change it in a deploy of its own.',
    );
  return checked(kind, title, { ttl: live.ttl, data: [...others, ...ours, ...missing] });
}

/** The whole set that has to be live after an update. What the state does not say is live refuses it. */
export function updated(
  kind: RecordSetKind,
  title: Title,
  live: RecordSet | undefined,
  prior: RecordSet,
  wanted: RecordSet,
): RecordSet {
  if (live !== undefined && holds(kind, live, wanted)) return checked(kind, title, live);
  if (live === undefined || !holds(kind, live, prior))
    throw new DnsError(
      'conflict',
      `${title} is not what the plan saw: expected ${describeSet(prior)}, found ${describeSet(live)}`,
      'Nothing was written. Find out who changed it, then plan again: the plan shows what is there now.',
    );
  const { others } = kind.share(live.data, prior.data);
  return checked(kind, title, { ttl: wanted.ttl, data: [...without(others, wanted.data), ...wanted.data] });
}

/** Our share of the live set is exactly the declared one. */
const holds = (kind: RecordSetKind, live: RecordSet, declared: RecordSet): boolean =>
  sameSet({ ttl: live.ttl, data: kind.share(live.data, declared.data).ours }, declared);

const without = (data: readonly RecordData[], removed: readonly RecordData[]): RecordData[] =>
  data.filter((one) => !removed.some((other) => sameData([one], [other])));

/** Hands the set on, or says why its records may not be live together. */
export function checked(kind: RecordSetKind, title: Title, set: RecordSet): RecordSet {
  const trouble = kind.together(set.data);
  if (trouble !== undefined) throw new DnsError('spf', `${title}: ${trouble}`, secondSpf);
  return set;
}
