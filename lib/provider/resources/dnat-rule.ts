import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { gateway, ingress, order, owner, protocol } from './common.js';
import { flushRoutesOf } from './flush-queue.js';

/** Towards an inside address: the municipality's server behind its transfer address, or the relay behind its alias. */
export const dnatRule = defineResource({
  type: 'dnat_rule',
  doc: 'Translates the destination of a connection on a gateway. One element of the maps `dnat` and `dnat_link`, written together.',
  attributes: {
    gateway,
    ingress,
    address: {
      type: 'string',
      key: true,
      doc: 'Destination before translation: the transfer address, or the relay’s alias in the municipality’s network.',
      check: checks.address,
    },
    protocol,
    port: { type: 'number', key: true, doc: 'Destination port before translation.', check: checks.port },
    egress: { type: 'string', doc: 'Interface behind which the new destination is.', check: checks.link },
    toAddress: { type: 'string', doc: 'Destination after translation.', check: checks.address },
    toPort: { type: 'number', doc: 'Destination port after translation.', check: checks.port },
    owner,
    order,
  },
  example: {
    gateway: 'gw1',
    ingress: 'ln0',
    address: '10.128.0.1',
    protocol: 'tcp',
    port: 25,
    egress: 'c1',
    toAddress: '192.168.10.5',
    toPort: 25,
    owner: '15084490',
    order: 'OZG-2025-0001',
  },
  target: ({ gateway: name }) => ({ kind: 'gateway', name }),
  elements: ({ ingress, address, protocol, port, egress, toAddress, toPort, owner, order }) => {
    const key = [ingress, address, protocol, String(port)];
    return [
      { map: 'dnat', key, value: [toAddress, String(toPort)], owner, order },
      { map: 'dnat_link', key, value: [egress], owner, order },
    ];
  },
  fromElements: (key, live) => {
    const at = [key.ingress, key.address, key.protocol, String(key.port)];
    const element = live.get('dnat', at);
    if (!element) return undefined;
    const [toAddress = '', toPort = '0'] = element.value;
    const [egress = ''] = live.get('dnat_link', at)?.value ?? [];
    const { owner = '', order = '' } = element;
    return { ...key, egress, toAddress, toPort: Number(toPort), owner, order };
  },
  keyOf: ({ map, key: [ingress = '', address = '', protocol = '', port = ''] }, ref) =>
    map === 'dnat' && ref.kind === 'gateway'
      ? { gateway: ref.name, ingress, address, protocol, port: Number(port) }
      : undefined,
  written: ({ proposed, farEnds }) => flushRoutesOf(proposed.owner, farEnds),
});

export class DnatRule extends terraformClass(dnatRule) {}
