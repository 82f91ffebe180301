import { ask, fqdn, type DnsServerAddress, type Reply } from './query.js';
import { sameName } from './names.js';

/** A server that answers for a zone. */
export interface ZoneServer {
  /** Fully qualified. */
  name: string;
  /** IPv4; undefined where the name has none. */
  address: string | undefined;
}

/**
 * Every server of the zone that holds a name: those that the parent delegates it to and those of the zone's own NS
 * set. They may differ, and a resolver may ask either. Sorted by name and address; empty where nothing is found.
 * @param resolver the vantage point's resolver, by which names are looked up
 * @param port on which the zone's servers are asked @default 53
 */
export async function serversOf(
  domain: string,
  resolver: DnsServerAddress,
  port = 53,
): Promise<ZoneServer[]> {
  const { zone: name, names } = await zoneAbove(fqdn(domain), resolver);
  if (names.length === 0) return [];
  const above = await zoneAbove(parentOf(name), resolver);
  const parents = await addressed(above.names, resolver);
  const at = (host: string): DnsServerAddress => ({ ...resolver, host, port });
  const namesFrom = async (servers: readonly ZoneServer[]): Promise<string[]> => {
    const replies = await Promise.all(
      addressesOf(servers).map((host) => orNothing(ask(at(host), name, 'NS'))),
    );
    return replies.flatMap((reply) => (reply ? delegatedTo(reply, name) : []));
  };
  const delegated = await addressed(await namesFrom(parents), resolver);
  const known = delegated.length > 0 ? delegated : await addressed(names, resolver);
  // The zone's own set, as each of them has it.
  const own = await addressed(await namesFrom(known), resolver);
  const all = new Map([...known, ...own].map((server) => [`${server.name} ${server.address ?? ''}`, server]));
  return [...all].sort(([a], [b]) => Number(a > b) - Number(a < b)).map(([, server]) => server);
}

const parentOf = (name: string): string => name.slice(name.indexOf('.') + 1) || '.';

/** The nearest zone that holds a name, with its servers as the resolver knows them. */
async function zoneAbove(
  name: string,
  resolver: DnsServerAddress,
): Promise<{ zone: string; names: string[] }> {
  for (let zone = name; ; zone = parentOf(zone)) {
    const names = await nsOf(zone, resolver);
    if (names.length > 0 || zone === '.') return { zone, names };
  }
}

const nsOf = async (zone: string, resolver: DnsServerAddress): Promise<string[]> => {
  const reply = await orNothing(ask(resolver, zone, 'NS', true));
  return reply ? delegatedTo(reply, zone) : [];
};

/** Names of a zone's servers in an answer or in a referral (RFC 1034 4.3.2). */
const delegatedTo = ({ answers = [], authorities = [] }: Reply, zone: string): string[] =>
  [...answers, ...authorities].flatMap((record) =>
    record.type === 'NS' && sameName(fqdn(record.name), zone) ? [fqdn(record.data).toLowerCase()] : [],
  );

async function addressed(names: readonly string[], resolver: DnsServerAddress): Promise<ZoneServer[]> {
  const found = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const addresses = await addressesOfHost(name, resolver);
      return addresses.length > 0
        ? addresses.map((address): ZoneServer => ({ name, address }))
        : [{ name, address: undefined }];
    }),
  );
  return found.flat();
}

/** IPv4 addresses of a name; empty where it has none or the resolver does not answer. */
export const addressesOfHost = async (name: string, resolver: DnsServerAddress): Promise<string[]> => {
  const reply = await orNothing(ask(resolver, fqdn(name), 'A', true));
  return (reply?.answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : []));
};

const addressesOf = (servers: readonly ZoneServer[]): string[] => [
  ...new Set(servers.flatMap(({ address }) => (address === undefined ? [] : [address]))),
];

const orNothing = (reply: Promise<Reply>): Promise<Reply | undefined> => reply.catch(() => undefined);
