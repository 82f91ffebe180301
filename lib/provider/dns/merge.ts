import { DnsError } from '../targets/dns/fault.js';
import { describeSet, sameData, sameSet, type RecordData, type RecordSet } from '../targets/dns/rdata.js';
import type { RecordSetKind } from './kind.js';
import { secondSpf } from './txt.js';

/** For messages: `MX of musterstadt.example. on DNS server 192.0.2.53:53`. */
export type Title = string;

/**
 * The whole set that has to be live after a create. Equal to the live one: it is adopted and nothing is
 * written. Nothing of a different set is overwritten; only what takes nothing from it may be added, as the relay is to
 * an SPF record that the file did not know until mail flowed.
 */
export function created(
  kind: RecordSetKind,
  title: Title,
  live: RecordSet | undefined,
  wanted: RecordSet,
): RecordSet {
  if (live === undefined) return checked(kind, title, wanted);
  const { ours, others } = kind.share(live.data, wanted.data);
  const complete = kind.addsToOthers || without(wanted.data, ours).length === 0;
  if (live.ttl !== wanted.ttl || addedTo(kind, live.data, wanted.data) === undefined || !complete)
    throw new DnsError(
      'differs',
      `${title} is there already and differs: live is ${describeSet(live)}, wanted is ${describeSet(wanted)}`,
      'Nothing was written. Declare exactly what is live, TTL included, and deploy: it is adopted without a change. Then change it in a deploy of its own. To an SPF record, what only permits may come at once, right behind v=spf1.',
    );
  return checked(kind, title, {
    ttl: live.ttl,
    data: [...others, ...wanted.data],
  });
}

/** What a create adds to live records of ours; undefined where it would take something from one. */
export function addedTo(
  kind: RecordSetKind,
  live: readonly RecordData[],
  wanted: readonly RecordData[],
): string[] | undefined {
  const { ours } = kind.share(live, wanted);
  const added = without(ours, wanted).map((one) => wanted.flatMap((other) => kind.added(one, other)));
  return added.some((terms) => terms.length === 0) ? undefined : added.flat();
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
