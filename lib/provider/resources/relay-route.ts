import { defineResource, type FarEnds, type LiveElements } from '../definition.js';
import { liveElements } from '../live.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { domain, owner, relay } from './common.js';
import { flushDomain } from './flush-queue.js';
import { formatNextHop, parseNextHop, type NextHop } from './next-hop.js';
import { refuseUntriedHops } from './relay-next-hops.js';
import { refuseToBounceQueued, refuseWhileMxPointsHere, refuseWhileQueued } from './relay-in-use.js';

const wrongHops = checks.nonEmpty(
  checks.each(
    ({ address, port, tls }: NextHop) =>
      checks.address(address) ?? checks.port(port) ?? checks.oneOf('encrypt', 'may')(tls),
  ),
);

/** The first part of the value where nothing bounces. */
const settling = 'settling';

const limit = (from: string) =>
  ({
    type: 'number',
    optional: true,
    doc: `Bytes on the wire of the largest mail ${from}, where its servers take less than the relay's listener: from 13631488 (13 MB) to 104857600 (100 MB). What is larger is refused, 552.`,
    check: checks.messageSize,
  }) as const;

/** As part of a value: `internal=52428800`. */
const formatLimit = (of: 'internal' | 'internet', bytes: number | undefined): string[] =>
  bytes === undefined ? [] : [`${of}=${bytes}`];

/** Reads a part off the value's beginning. What a person wrote there that is none stays. */
function takeLimit(value: string[], of: 'internal' | 'internet'): number | undefined {
  const [, bytes] = new RegExp(`^${of}=([0-9]{1,15})$`).exec(value[0] ?? '') ?? [];
  if (bytes !== undefined) value.shift();
  return bytes === undefined ? undefined : Number(bytes);
}

/** What stands in the map for a domain. */
function routeIn(live: LiveElements, domain: string) {
  const element = live.get('transport', [domain]);
  if (!element) return undefined;
  const softBounce = element.value[0] === settling;
  const rest = element.value.slice(softBounce ? 1 : 0);
  const [internalLimit, internetLimit] = [takeLimit(rest, 'internal'), takeLimit(rest, 'internet')];
  const nextHops = rest.map(parseNextHop);
  return { nextHops, softBounce, internalLimit, internetLimit, owner: element.owner ?? '' };
}

/** The route of the same owner that is there, whatever a state knows. */
async function standing(
  { relay: name, domain, owner: own }: { relay: string; domain: string; owner: string },
  farEnds: FarEnds,
) {
  const route = routeIn(await liveElements(farEnds.targets({ kind: 'relay', name })), domain);
  return route?.owner === own ? route : undefined;
}

/** Whither the relay sends a domain's mail. */
export const relayRoute = defineResource({
  type: 'relay_route',
  doc: 'Route of a domain at a relay, with the TLS policy of each next hop. One line of the map `transport`, and one of `sizes` where its servers take less than the relay. A route that goes leaves `retry:`, so that the relay never falls back to the MX.',
  attributes: {
    relay,
    domain,
    nextHops: {
      type: { objects: { address: 'string', port: 'number', tls: 'string' } },
      doc: 'Servers in order of preference: IPv4 address, port, and TLS `encrypt` (required) or `may` (opportunistic).',
      check: wrongHops,
    },
    softBounce: {
      type: 'bool',
      doc: 'Whether what the servers refuse (5xx) is kept and tried again instead of bounced: for a time after an edge.',
    },
    internalLimit: limit('from inside'),
    internetLimit: limit('from the Internet'),
    owner,
  },
  example: {
    relay: 'relay1',
    domain: 'musterstadt.example',
    nextHops: [
      { address: '10.128.0.1', port: 25, tls: 'encrypt' },
      { address: '10.128.0.2', port: 25, tls: 'may' },
    ],
    softBounce: false,
    internalLimit: 52_428_800,
    internetLimit: 26_214_400,
    owner: '15084490',
  },
  target: ({ relay: name }) => ({ kind: 'relay', name }),
  elements: ({ domain, nextHops, softBounce, internalLimit, internetLimit, owner }) => [
    {
      map: 'transport',
      key: [domain],
      value: [
        ...(softBounce ? [settling] : []),
        ...formatLimit('internal', internalLimit),
        ...formatLimit('internet', internetLimit),
        ...nextHops.map(formatNextHop),
      ],
      owner,
    },
  ],
  fromElements: (key, live) => {
    const route = routeIn(live, key.domain);
    return route && { ...key, ...route };
  },
  keyOf: ({ map, key: [domain = ''] }, ref) =>
    map === 'transport' && ref.kind === 'relay' ? { relay: ref.name, domain } : undefined,
  check: async ({ prior, proposed, farEnds }) => {
    if (proposed) {
      // One that is replaced, or whose construct was renamed, is created as if nothing were there.
      const before = prior ?? (await standing(proposed, farEnds));
      if (!before) return [];
      return [
        ...(await refuseUntriedHops(before.nextHops, proposed, farEnds)),
        ...(before.softBounce && !proposed.softBounce
          ? await refuseToBounceQueued(proposed.relay, proposed.domain, farEnds)
          : []),
      ];
    }
    return !prior
      ? []
      : [
          ...(await refuseWhileMxPointsHere(prior.relay, prior.domain, farEnds)),
          ...(await refuseWhileQueued(prior.relay, prior.domain, farEnds)),
        ];
  },
  written: ({ proposed: { relay, domain }, farEnds }) => flushDomain(relay, domain, farEnds),
});

export class RelayRoute extends terraformClass(relayRoute) {}
