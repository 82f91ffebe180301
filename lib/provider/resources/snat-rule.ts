import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { gateway, ingress, order, owner } from './common.js';
import { flushRoutesOf } from './flush-queue.js';

/** Hides who connects: the relay behind its alias towards the municipality, a server behind its transfer address away from it. */
export const snatRule = defineResource({
  type: 'snat_rule',
  doc: 'Translates the source of a connection on a gateway. One element of the map `snat`.',
  attributes: {
    gateway,
    ingress,
    egress: {
      type: 'string',
      key: true,
      doc: 'Interface by which the connection goes out.',
      check: checks.link,
    },
    source: { type: 'string', key: true, doc: 'Source before translation.', check: checks.address },
    destination: {
      type: 'string',
      key: true,
      doc: 'Destination after its own translation.',
      check: checks.address,
    },
    toAddress: { type: 'string', doc: 'Source after translation.', check: checks.address },
    owner,
    order,
  },
  example: {
    gateway: 'gw1',
    ingress: 'ln0',
    egress: 'c1',
    source: '10.64.0.10',
    destination: '192.168.10.5',
    toAddress: '192.168.10.250',
    owner: '15084490',
    order: 'OZG-2025-0001',
  },
  target: ({ gateway: name }) => ({ kind: 'gateway', name }),
  elements: ({ ingress, egress, source, destination, toAddress, owner, order }) => [
    { map: 'snat', key: [ingress, egress, source, destination], value: [toAddress], owner, order },
  ],
  fromElements: (key, live) => {
    const element = live.get('snat', [key.ingress, key.egress, key.source, key.destination]);
    if (!element) return undefined;
    const { owner = '', order = '', value } = element;
    return { ...key, toAddress: value[0] ?? '', owner, order };
  },
  keyOf: ({ map, key: [ingress = '', egress = '', source = '', destination = ''] }, ref) =>
    map === 'snat' && ref.kind === 'gateway'
      ? { gateway: ref.name, ingress, egress, source, destination }
      : undefined,
  written: ({ proposed, farEnds }) => flushRoutesOf(proposed.owner, farEnds),
});

export class SnatRule extends terraformClass(snatRule) {}
