import type { FarEnds, LiveElements } from '../../definition.js';
import { ConflictError, type Element } from '../../element.js';
import { liveElements } from '../../live.js';
import { timestamp } from '../../time.js';
import { observedTypes, type Observation, type ObservedType } from '../../targets/dns/evidence.js';
import { hostsIn, sameHosts, type Move } from './move.js';

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
  /** When its data was first seen, with whatever TTL, and whatever nobody saw in between. */
  dataSince: string;
  /** When it was seen so last. */
  seenAt: string;
  /** Where from: the vantage point's name. */
  from: string;
  /** What was there before. undefined: it was never seen otherwise. */
  before: { data: string; /** When no cache has it any more. */ goneBy: string } | undefined;
  /** What it showed earlier, each once, however many followed. */
  earlier: readonly Earlier[];
  /** Seconds, as the municipality's file has it from before the migration; 0: nobody has said. */
  declaredTtl: number;
}

/** What was replaced. Times are RFC 3339 UTC. */
export interface Earlier {
  data: string;
  /** When another was first seen in its place. */
  until: string;
  /** When nobody has it any more. */
  goneBy: string;
}

export const observationsMap = 'observations';

/** How long what was before the first observation may stay in caches, if nobody knows: a day, the usual upper limit. */
const unknownTtl = 86_400;

/**
 * Seconds for which one observation speaks: what changed and changed back between two that are further apart was seen
 * by nobody, and no cache keeps it for longer than the day that {@link unknownTtl} allows an unseen value. Nearer ones
 * leave no gap that a wait of a day, begun after the earlier, would not have covered.
 */
const speaksFor = unknownTtl;

/** Whether nobody has looked for so long that what is recorded says nothing of the time since. */
export const isStale = ({ seenAt }: Pick<Recorded, 'seenAt'>, now: Date): boolean =>
  now.getTime() - Date.parse(seenAt) > speaksFor * 1000;

/**
 * The evidence with one more observation. Only an answer with authority counts. After a gap that no observation speaks
 * for, the clock begins anew.
 * @param told seconds, as the municipality's file has it from before the migration; 0: as it was told last
 */
export function noted(
  known: Recorded | undefined,
  { domain, type, server, at, authoritative, data, ttl }: Observation,
  from: string,
  told: number,
): Recorded | undefined {
  if (!authoritative) return known;
  const declaredTtl = told || (known?.declaredTtl ?? 0);
  const dataSince = known?.data === data ? known.dataSince : at;
  const earlier = known ? earlierThan(known, data, at) : [];
  const seen = { domain, type, server, data, ttl, dataSince, seenAt: at, from, earlier, declaredTtl };
  const now: Recorded = { ...seen, since: at, before: undefined };
  if (!known) return now;
  const isSame = known.data === data && known.ttl === ttl;
  // DMARC is judged by what it was before, not by a clock.
  const gap = type !== 'DMARC' && isStale(known, new Date(at));
  if (isSame && !gap) return { ...known, ...seen };
  if (isSame) {
    const outlives = known.before && Date.parse(known.before.goneBy) > agedAt(now, declaredTtl).getTime();
    return outlives ? { ...now, before: known.before } : now;
  }
  const goneBy = Math.max(
    Date.parse(at) + known.ttl * 1000,
    // What was before that may outlive it.
    beforeGone(known, declaredTtl),
    gap ? agedAt(now, declaredTtl).getTime() : 0,
  );
  return { ...now, before: { data: known.data, goneBy: timestamp(new Date(goneBy)) } };
}

/** What was there before this data. */
function earlierThan({ data: was, ttl, earlier }: Recorded, data: string, at: string): Earlier[] {
  if (was === data) return [...earlier];
  const replaced = { data: was, until: at, goneBy: timestamp(new Date(Date.parse(at) + ttl * 1000)) };
  return [...earlier.filter((one) => one.data !== was), replaced];
}

/**
 * When no cache has what was before the known value. Nothing but that value was there where the first look found the
 * TTL that the file has from before the migration: file and zone agree.
 */
const beforeGone = (known: Recorded, declaredTtl: number): number =>
  known.before === undefined && declaredTtl > 0 && known.ttl === declaredTtl
    ? 0
    : agedAt(known, declaredTtl).getTime();

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

/** Whether a server was last seen with an MX that names other hosts; for one that was never seen, whether any was. */
export function showedOther(
  { to }: Pick<Move, 'to'>,
  recorded: readonly Recorded[],
  server: string,
): boolean {
  const rows = recorded.filter(({ type }) => type === 'MX');
  const own = rows.filter((row) => row.server === server);
  return (own.length > 0 ? own : rows).some(({ data }) => !sameHosts(hostsIn(data), to));
}

/** A domain to look at, with the TTLs that the municipality's file has, in seconds, where they are at hand. */
export type Watched = Pick<Move, 'domain'> & Partial<Pick<Move, 'mxTtl' | 'spfTtl'>>;

const declaredFor = ({ mxTtl = 0, spfTtl = 0 }: Watched, type: ObservedType): number =>
  type === 'MX' ? mxTtl : type === 'SPF' ? spfTtl : 0;

/** Looks at mail domains, and writes what is seen into the register, where it stays as evidence. */
export async function observeAndRecord(
  owner: string,
  watched: readonly Watched[],
  farEnds: Pick<FarEnds, 'targets' | 'vantage'>,
): Promise<Observation[]> {
  const seen = await Promise.all(
    watched.map(async (one) =>
      (await farEnds.vantage.observe(one.domain)).map((observation) => ({
        observation,
        declaredTtl: declaredFor(one, observation.type),
      })),
    ),
  );
  const register = farEnds.targets({ kind: 'register' });
  for (let attempt = 1; ; attempt += 1) {
    const live = await liveElements(register);
    const rows = seen.flat().flatMap(({ observation, declaredTtl }) => {
      const key = [observation.domain, observation.type, observation.server];
      const found = live.get(observationsMap, key);
      const known = found && parse(found);
      const row = noted(known, observation, farEnds.vantage.name, declaredTtl);
      return row && saysMore(row, known)
        ? [{ found, at: { map: observationsMap, key }, put: { ...format(row), owner } }]
        : [];
    });
    try {
      if (rows.length > 0)
        await register.apply({
          expect: rows.map(({ at, found }) => ({ at, found })),
          put: rows.map(({ put }) => put),
          remove: [],
        });
      return seen.flat().map(({ observation }) => observation);
    } catch (error) {
      // Somebody else observes at the same time: look again at what he has written.
      if (!(error instanceof ConflictError) || attempt === attempts) throw error;
    }
  }
}

/** Whether evidence is worth writing: who waits for a day looks often, and the register need not follow each look. */
const saysMore = (row: Recorded, known: Recorded | undefined): boolean =>
  known?.since !== row.since ||
  known.from !== row.from ||
  known.declaredTtl !== row.declaredTtl ||
  Date.parse(row.seenAt) - Date.parse(known.seenAt) >= writesEvery;

/** Milliseconds. */
const writesEvery = 60_000;

const attempts = 3;

const format = (row: Recorded): Element => {
  const { domain, type, server, data, ttl, since, dataSince, seenAt, from, before, earlier, declaredTtl } =
    row;
  const old = [before?.data ?? '', before?.goneBy ?? ''];
  return {
    map: observationsMap,
    key: [domain, type, server],
    value: ['aa', data, String(ttl), since, seenAt, from, ...old, String(declaredTtl), dataSince].concat(
      earlier.flatMap((one) => [one.data, one.until, one.goneBy]),
    ),
  };
};

function parse({ key, value }: Element): Recorded {
  const [domain = '', type = '', server = ''] = key;
  const [, data = '', ttl = '', since = '', seenAt = '', from = '', oldData = '', goneBy = ''] = value;
  const [declared = '0', dataSince = since, ...earlier] = value.slice(8);
  return {
    domain,
    type: observedTypes.find((one) => one === type) ?? 'MX',
    server,
    data,
    ttl: Number(ttl),
    since,
    dataSince,
    seenAt,
    from,
    before: goneBy === '' ? undefined : { data: oldData, goneBy },
    earlier: parseEarlier(earlier),
    declaredTtl: Number(declared),
  };
}

const parseEarlier = ([data, until = '', goneBy = '', ...rest]: readonly string[]): Earlier[] =>
  data === undefined ? [] : [{ data, until, goneBy }, ...parseEarlier(rest)];
