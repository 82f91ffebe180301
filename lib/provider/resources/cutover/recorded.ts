import type { FarEnds, LiveElements } from '../../definition.js';
import { ConflictError, type Element } from '../../element.js';
import { liveElements } from '../../live.js';
import { timestamp } from '../../time.js';
import { observedTypes, type Observation, type ObservedType } from '../../targets/dns/evidence.js';

/** Evidence in the register: what one server shows of a record set, since when, and what it showed before. */
export interface Recorded {
  domain: string;
  type: ObservedType;
  server: string;
  data: string;
  /** Seconds for which caches may keep it. */
  ttl: number;
  /** When it was first seen so, RFC 3339 UTC. The change may be older. */
  since: string;
  /** When it was seen so last. */
  seenAt: string;
  /** Where from: the vantage point's name. */
  from: string;
  /** What was there before. undefined: it was never seen otherwise. */
  before: { data: string; /** When no cache has it any more. */ goneBy: string } | undefined;
}

export const observationsMap = 'observations';

/** How long what was before the first observation may stay in caches, if nobody knows: a day, the usual upper limit. */
const unknownTtl = 86_400;

/** The evidence with one more observation. Only an answer with authority counts. */
export function noted(
  known: Recorded | undefined,
  { domain, type, server, at, authoritative, data, ttl }: Observation,
  from: string,
): Recorded | undefined {
  if (!authoritative) return known;
  if (known && known.data === data && known.ttl === ttl) return { ...known, seenAt: at, from };
  const now: Recorded = { domain, type, server, data, ttl, since: at, seenAt: at, from, before: undefined };
  if (!known) return now;
  const goneBy = Math.max(
    Date.parse(at) + known.ttl * 1000,
    // What was before that may outlive it.
    known.before ? Date.parse(known.before.goneBy) : 0,
  );
  return { ...now, before: { data: known.data, goneBy: timestamp(new Date(goneBy)) } };
}

/**
 * When no cache has anything else than what this server shows now. Where it was never seen otherwise, the clock
 * starts at the first observation, with the longest time that can be meant.
 * @param declaredTtl seconds, as the municipality's file has it from before the migration
 */
export const agedAt = ({ since, ttl, before }: Recorded, declaredTtl: number): Date =>
  before
    ? new Date(before.goneBy)
    : new Date(Date.parse(since) + Math.max(ttl, declaredTtl, unknownTtl) * 1000);

/** Evidence about one domain. */
export const recordedIn = (live: LiveElements, domain: string): Recorded[] =>
  live.all.filter(({ map, key }) => map === observationsMap && key[0] === domain).map(parse);

/** Looks at mail domains, and writes what is seen into the register, where it stays as evidence. */
export async function observeAndRecord(
  owner: string,
  domains: readonly string[],
  farEnds: Pick<FarEnds, 'targets' | 'vantage'>,
): Promise<Observation[]> {
  const seen = await Promise.all(domains.map((domain) => farEnds.vantage.observe(domain)));
  const observations = seen.flat();
  const register = farEnds.targets({ kind: 'register' });
  for (let attempt = 1; ; attempt += 1) {
    const live = await liveElements(register);
    const rows = observations.flatMap((observation) => {
      const key = [observation.domain, observation.type, observation.server];
      const found = live.get(observationsMap, key);
      const row = noted(found && parse(found), observation, farEnds.vantage.name);
      return row ? [{ found, at: { map: observationsMap, key }, put: { ...format(row), owner } }] : [];
    });
    try {
      await register.apply({
        expect: rows.map(({ at, found }) => ({ at, found })),
        put: rows.map(({ put }) => put),
        remove: [],
      });
      return observations;
    } catch (error) {
      // Somebody else observes at the same time: look again at what he has written.
      if (!(error instanceof ConflictError) || attempt === attempts) throw error;
    }
  }
}

const attempts = 3;

const format = ({ domain, type, server, data, ttl, since, seenAt, from, before }: Recorded): Element => ({
  map: observationsMap,
  key: [domain, type, server],
  value: ['aa', data, String(ttl), since, seenAt, from, ...(before ? [before.data, before.goneBy] : [])],
});

function parse({ key, value }: Element): Recorded {
  const [domain = '', type = '', server = ''] = key;
  const [, data = '', ttl = '', since = '', seenAt = '', from = '', oldData, goneBy] = value;
  return {
    domain,
    type: observedTypes.find((one) => one === type) ?? 'MX',
    server,
    data,
    ttl: Number(ttl),
    since,
    seenAt,
    from,
    before: oldData === undefined || goneBy === undefined ? undefined : { data: oldData, goneBy },
  };
}
