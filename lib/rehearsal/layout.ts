import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { RehearsalError } from './error.js';
import { segmentOf, worldRoutes, type Segment } from './segments.js';

/** One interface. `segment` puts it on a bridge, `peer` on a cable to another host's interface. */
export interface Link {
  name: string;
  segment?: Segment;
  peer?: { host: string; link: string };
  /** With prefix length. */
  addresses: string[];
}

/** One machine of the rehearsed Landesnetz: a network namespace with a private /etc, /var, /run. */
export interface Host {
  name: string;
  links: Link[];
  /** Further lines for `ip -batch`, once all links are up. */
  routes: string[];
}

/** Someone who sends and receives mail through a Postfix of their own. */
export interface Party {
  /** Name of the host. */
  name: string;
  /** How people call it in a table. */
  title: string;
  domains: string[];
  /** Name under which its server says hello. */
  mailHost: string;
  /** Address on the Internet. */
  address: string;
}

export interface Layout {
  hosts: Host[];
  parties: Party[];
  /** A records: name without trailing dot → addresses. */
  addresses: Map<string, string[]>;
}

/** Hosts that every rehearsal has; a municipality's host bears the municipality's id. */
export const roles = ['dns', 'gateway', 'internet', 'ndb', 'ops', 'register', 'relay', 'tenant'] as const;

/** What the platform file does not say, because only the rehearsal has it. */
const own = {
  opsInside: '10.64.0.5',
  opsPublic: '203.0.113.5',
  internet: '203.0.113.80',
  tenantPublic: '203.0.113.20',
  ndbPublic: '198.51.100.30',
  internetDomain: 'absender.example',
  firstUplink: 101,
};

/**
 * Address on the Internet of each municipality's old uplink: the one that its SPF names if that is free, so
 * that the zone tells the truth, otherwise the next of a series.
 */
export function uplinkAddresses(municipalities: Municipality[]): Map<string, string> {
  const taken = new Set([own.ndbPublic]);
  const uplinks = new Map<string, string>();
  municipalities.forEach(({ id, domains }, index) => {
    const named = domains
      .flatMap(({ spf }) => [...(spf?.value ?? '').matchAll(/\bip4:(198\.51\.100\.\d+)(?![\d/])/g)])
      .map(([, address]) => address ?? '')
      .find((address) => address !== '' && !taken.has(address));
    const uplink = named ?? `198.51.100.${own.firstUplink + index}`;
    taken.add(uplink);
    uplinks.set(id, uplink);
  });
  return uplinks;
}

const addressOfHop = (nextHop: string): string => nextHop.replace(/^\[([^\]]+)\].*$/, '$1');
const unique = <T>(values: T[]): T[] => [...new Set(values)];

function only<T>(kind: string, list: T[]): T {
  const [first, second] = list;
  if (first === undefined || second !== undefined) {
    throw new RehearsalError(
      `The rehearsal has exactly one ${kind}, the platform file has ${list.length}. Rehearse with stacks/platforms/rehearsal.yaml.`,
    );
  }
  return first;
}

/** A host on one or both segments, with a route to whatever else lies behind them. */
function onSegments(name: string, platform: Platform, addresses: string[]): Host {
  const gateway = only('gateway', platform.gateways).ssh.host;
  const links: Link[] = [];
  const routes: string[] = [];
  for (const segment of ['world', 'ln'] as const) {
    const here = unique(addresses).filter((address) => segmentOf(address) === segment);
    if (here.length === 0) continue;
    links.push({ name: segment, segment, addresses: here.map((address) => `${address}/24`) });
    if (segment === 'world') routes.push(...worldRoutes(here, 'world'));
    else if (name !== 'gateway') {
      routes.push(
        ...platform.transferPool.map((range) => `route add ${range} via ${gateway} dev ${segment}`),
      );
    }
  }
  return { name, links, routes };
}

/**
 * The gateway. A customer's servers are host routes in a table of the customer link's own, found by the mark
 * that the ruleset sets: so two customers may have the same addresses.
 */
function gatewayHost(platform: Platform, municipalities: Municipality[]): Host {
  const gateway = only('gateway', platform.gateways);
  const host: Host = {
    name: 'gateway',
    links: [{ name: gateway.landesnetzLink, segment: 'ln', addresses: [`${gateway.ssh.host}/24`] }],
    routes: [],
  };
  for (const { id, network, servers } of municipalities) {
    const link = gateway.links.find(({ name }) => name === network.link);
    if (!link) {
      throw new RehearsalError(
        `${id} names the customer link ${network.link}; gateway ${gateway.name} in the platform file has ${gateway.links.map(({ name }) => name).join(', ')}.`,
      );
    }
    if (host.links.some(({ name }) => name === link.name)) {
      throw new RehearsalError(
        `${id} is on customer link ${link.name}, which another municipality of this rehearsal has. Rehearse them one after the other.`,
      );
    }
    host.links.push({
      name: link.name,
      peer: { host: id, link: 'lan' },
      addresses: [`${network.relayAlias}/32`],
    });
    host.routes.push(
      `rule add fwmark ${link.mark} lookup ${link.mark}`,
      ...servers.map(
        ({ inside }) =>
          `route add ${inside}/32 dev ${link.name} src ${network.relayAlias} table ${link.mark}`,
      ),
    );
  }
  return host;
}

/** A municipality: its mail servers' addresses on one machine, its line to the gateway, its old Internet uplink. */
function municipalityHost({ id, network, servers }: Municipality, uplink: string): Host {
  return {
    name: id,
    links: [
      { name: 'lan', addresses: servers.map(({ inside }) => `${inside}/32`) },
      { name: 'world', segment: 'world', addresses: [`${uplink}/24`] },
    ],
    routes: [
      ...worldRoutes([uplink], 'world'),
      `route add ${network.relayAlias}/32 dev lan src ${servers[0]?.inside ?? ''}`,
    ],
  };
}

/** Everything that is where, worked out from the same two files as the desired state; nothing is done here. */
export function layOut(platform: Platform, municipalities: Municipality[]): Layout {
  const taken = municipalities.find(({ id }) => (roles as readonly string[]).includes(id));
  if (taken) {
    throw new RehearsalError(
      `A municipality cannot be rehearsed under the name ${taken.id}: a host bears it.`,
    );
  }
  const relay = only('relay', platform.relays);
  const uplinks = uplinkAddresses(municipalities);
  const uplink = (id: string): string => uplinks.get(id) ?? '';
  const { outgoing, customers, internal, ndb, internet } = relay.addresses;
  const hopsOf = (list: Platform['tenants']): string[] => list.map(({ nextHop }) => addressOfHop(nextHop));
  const servers = platform.dnsServers.flatMap(({ host, authoritative }) => [
    host,
    ...authoritative.map((server) => server.replace(/:\d+$/, '')),
  ]);
  const hosts = [
    onSegments('dns', platform, servers),
    gatewayHost(platform, municipalities),
    onSegments('internet', platform, [own.internet]),
    onSegments('ndb', platform, [...hopsOf(platform.ndbPartners), own.ndbPublic]),
    onSegments('ops', platform, [own.opsInside, own.opsPublic]),
    onSegments('register', platform, [platform.register.ssh.host]),
    onSegments('relay', platform, [relay.ssh.host, outgoing, customers, internal, ndb, internet]),
    onSegments('tenant', platform, [...hopsOf(platform.tenants), own.tenantPublic]),
    ...municipalities.map((municipality) => municipalityHost(municipality, uplink(municipality.id))),
  ];

  const party = (name: string, title: string, domains: string[], address: string): Party => ({
    name,
    title,
    domains,
    mailHost: `mail.${domains[0] ?? name}`,
    address,
  });
  const parties = [
    party('internet', 'Internet', [own.internetDomain], own.internet),
    party(
      'tenant',
      'tenant',
      platform.tenants.flatMap(({ domains }) => domains),
      own.tenantPublic,
    ),
    party(
      'ndb',
      'NdB',
      platform.ndbPartners.flatMap(({ domains }) => domains),
      own.ndbPublic,
    ),
    ...municipalities.map((municipality) => ({
      ...party(
        municipality.id,
        municipality.name,
        municipality.domains.map(({ name }) => name),
        uplink(municipality.id),
      ),
      mailHost: municipality.domains[0]?.mx.records[0]?.host ?? municipality.id,
    })),
  ];

  const addresses = new Map<string, string[]>();
  for (const { mailHost, address } of parties) addresses.set(mailHost, [address]);
  for (const { host } of relay.mx.records) addresses.set(host, [internet]);
  for (const { id, domains } of municipalities) {
    for (const { host } of domains.flatMap(({ mx }) => mx.records)) addresses.set(host, [uplink(id)]);
  }
  return { hosts, parties, addresses };
}
