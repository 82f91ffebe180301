import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { owner, relay } from './common.js';

const domains = checks.nonEmpty(checks.each(checks.domain));

/** What a municipality may send through the relay. */
export const relayClient = defineResource({
  type: 'relay_client',
  doc: 'A server that may send through a relay, and for which sender domains. One line of the map `clients`. The null sender is always permitted, or non-delivery messages are lost.',
  attributes: {
    relay,
    address: {
      type: 'string',
      key: true,
      doc: 'Client address as the relay sees it: the transfer address.',
      check: checks.address,
    },
    senderDomains: {
      type: { set: 'string' },
      doc: 'Permitted sender domains.',
      check: domains,
    },
    foreignSenders: {
      type: 'string',
      doc: 'What any other sender gets: `defer` (4xx) for a time after the edge, `refuse` (5xx) afterwards.',
      check: checks.oneOf('defer', 'refuse'),
    },
    owner,
  },
  example: {
    relay: 'relay1',
    address: '10.128.0.1',
    senderDomains: ['musterstadt.example', 'stadtwerke-musterstadt.example'],
    foreignSenders: 'refuse',
    owner: '15084490',
  },
  target: ({ relay: name }) => ({ kind: 'relay', name }),
  elements: ({ address, senderDomains, foreignSenders, owner }) => [
    { map: 'clients', key: [address], value: [foreignSenders, ...[...senderDomains].sort()], owner },
  ],
  fromElements: (key, live) => {
    const element = live.get('clients', [key.address]);
    if (!element) return undefined;
    const [foreignSenders = '', ...senderDomains] = element.value;
    return { ...key, senderDomains, foreignSenders, owner: element.owner ?? '' };
  },
  keyOf: ({ map, key: [address = ''] }, ref) =>
    map === 'clients' && ref.kind === 'relay' ? { relay: ref.name, address } : undefined,
});

export class RelayClient extends terraformClass(relayClient) {}
