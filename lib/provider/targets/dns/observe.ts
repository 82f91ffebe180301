import { nameServersOf, type NameResolver } from './delegation.js';
import { query, type DnsServerAddress } from './query.js';
import { sameName } from './names.js';
import { DnsError } from './fault.js';

/** What one server said about a name's MX at one moment. */
export interface MxObservation {
  /** `host:port`, as it was asked. */
  server: string;
  /** RFC 3339, UTC: when the answer came. */
  at: string;
  /**
   * `elsewhere`: the server does not hold the zone. `unknown`: no answer, or one that says nothing; the MX may
   * still be anything.
   */
  outcome: 'records' | 'absent' | 'elsewhere' | 'unknown';
  /** Only such answers say when the old ones are gone; others come from a cache. */
  authoritative: boolean;
  ttl: number | undefined;
  /** Sorted by preference; exchanges fully qualified. */
  records: { preference: number; exchange: string }[];
  /** Why it is unknown. */
  problem: string | undefined;
}

type Limits = Pick<DnsServerAddress, 'timeoutMs' | 'retries' | 'transport'>;
const defaultLimits: Limits = { timeoutMs: 3000, retries: 1, transport: 'tcp' };

/**
 * Asks every server at once. Where none of them holds the zone (a hoster has it), the servers of its delegation
 * are asked as well. Never throws: a server that cannot be asked is an observation too, and so is that there is
 * none to ask.
 */
export async function observeMx(
  name: string,
  servers: readonly string[],
  limits = defaultLimits,
  resolver?: NameResolver,
): Promise<MxObservation[]> {
  const asked = name.endsWith('.') ? name : `${name}.`;
  const askAll = (all: readonly string[]): Promise<MxObservation[]> =>
    Promise.all(all.map((server) => observe(asked, server, limits)));
  const seen = await askAll(servers);
  if (seen.some(({ authoritative }) => authoritative)) return seen;
  const delegated = await nameServersOf(asked, resolver);
  if (delegated.length > 0) return [...seen, ...(await askAll(delegated))];
  return [...seen, unanswered(`name servers of ${asked}`, 'unknown', 'the resolver names none')];
}

async function observe(name: string, server: string, limits: Limits): Promise<MxObservation> {
  try {
    const { authoritative, set } = await query({ ...parseServer(server), ...limits }, name, 'MX');
    return {
      server,
      at: new Date().toISOString(),
      outcome: set !== undefined ? 'records' : authoritative ? 'absent' : 'elsewhere',
      authoritative,
      ttl: set?.ttl,
      records: (set?.data ?? [])
        .flatMap((data) =>
          data.type === 'MX' ? [{ preference: data.preference, exchange: data.exchange }] : [],
        )
        .sort((a, b) => a.preference - b.preference || a.exchange.localeCompare(b.exchange)),
      problem: undefined,
    };
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return unanswered(server, error.fault === 'zone' ? 'elsewhere' : 'unknown', error.message);
  }
}

const unanswered = (server: string, outcome: 'elsewhere' | 'unknown', problem: string): MxObservation => ({
  server,
  at: new Date().toISOString(),
  outcome,
  authoritative: false,
  ttl: undefined,
  records: [],
  problem,
});

/**
 * The observations by which mail may still go to one of the hosts: a server lists one of them, cannot be asked,
 * or no server at all answered with authority. Empty: no server sends mail there.
 */
export const mayPointAt = (
  observations: readonly MxObservation[],
  hosts: readonly string[],
): MxObservation[] => {
  const known = observations.some(({ authoritative }) => authoritative);
  return observations.filter(
    ({ outcome, records }) =>
      !known ||
      outcome === 'unknown' ||
      records.some(({ exchange }) =>
        hosts.some((host) => sameName(exchange, host.endsWith('.') ? host : `${host}.`)),
      ),
  );
};

/** `host`, `host:port` or `[v6]:port`; port 53 if none is given. */
export function parseServer(server: string): { host: string; port: number } {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(server);
  const host = parts?.[1] ?? parts?.[2];
  return host === undefined ? { host: server, port: 53 } : { host, port: Number(parts?.[3] ?? 53) };
}
