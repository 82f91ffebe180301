import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { domain, owner, relay } from './common.js';
import { refuseWhileMxPointsHere } from './relay-in-use.js';

const announcedValue = 'OK';
const keptValue = 'permit';
const mapPrefix = 'accept_';

/** Which listener takes a domain's mail; known inside is not yet accepted from outside. */
export const relayAcceptance = defineResource({
  type: 'relay_acceptance',
  doc: 'Acceptance of a domain by one listener of a relay. One line of the map `accept_<class>`. What is not accepted is deferred, not refused.',
  attributes: {
    relay,
    domain,
    class: {
      type: 'string',
      key: true,
      doc: 'Listener: `internal` (tenants), `ndb` or `internet`.',
      check: checks.oneOf('internal', 'ndb', 'internet'),
    },
    announced: {
      type: 'bool',
      doc: 'Whether the senders of the class are sent here; false for what is only kept.',
    },
    owner,
  },
  example: {
    relay: 'relay1',
    domain: 'musterstadt.example',
    class: 'internal',
    announced: true,
    owner: '15084490',
  },
  target: ({ relay: name }) => ({ kind: 'relay', name }),
  elements: ({ domain, class: listener, announced, owner }) => [
    {
      map: `${mapPrefix}${listener}`,
      key: [domain],
      value: [announced ? announcedValue : keptValue],
      owner,
    },
  ],
  fromElements: (key, live) => {
    const element = live.get(`${mapPrefix}${key.class}`, [key.domain]);
    return element && { ...key, announced: element.value[0] === announcedValue, owner: element.owner ?? '' };
  },
  keyOf: ({ map, key: [domain = ''] }, ref) =>
    map.startsWith(mapPrefix) && ref.kind === 'relay'
      ? { relay: ref.name, domain, class: map.slice(mapPrefix.length) }
      : undefined,
  check: async ({ prior, proposed, farEnds }) =>
    prior && !proposed && prior.class === 'internet'
      ? refuseWhileMxPointsHere(prior.relay, prior.domain, farEnds)
      : [],
});

export class RelayAcceptance extends terraformClass(relayAcceptance) {}
