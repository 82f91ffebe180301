import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { gateway, ingress, order, owner, protocol, validUntil } from './common.js';
import { flushRoutesOf } from './flush-queue.js';
import { expiryWarning } from './valid-until.js';

/** The far end keeps the order reference and the end of the approval in one field. */
const separator = '~';

/** `REF` or `REF~YYYY-MM-DD`, as an opening bears it. */
export function splitOrder(written: string): { order: string; validUntil?: string } {
  const [order = '', validUntil] = written.split(separator);
  return validUntil === undefined ? { order } : { order, validUntil };
}

/** One flow, by the addresses before translation, so that an equal inside address of another municipality opens nothing. */
export const firewallOpening = defineResource({
  type: 'firewall_opening',
  doc: 'Lets one flow through a gateway. One element of the set `allow`.',
  attributes: {
    gateway,
    ingress,
    source: { type: 'string', key: true, doc: 'Source before translation.', check: checks.address },
    destination: { type: 'string', key: true, doc: 'Destination before translation.', check: checks.address },
    protocol,
    port: { type: 'number', key: true, doc: 'Destination port before translation.', check: checks.port },
    owner,
    order,
    validUntil,
  },
  example: {
    gateway: 'gw1',
    ingress: 'ln0',
    source: '10.64.0.10',
    destination: '10.128.0.1',
    protocol: 'tcp',
    port: 25,
    owner: '15084490',
    order: 'OZG-2025-0001',
    validUntil: '2027-12-31',
  },
  target: ({ gateway: name }) => ({ kind: 'gateway', name }),
  elements: ({ ingress, source, destination, protocol, port, owner, order, validUntil }) => [
    {
      map: 'allow',
      key: [ingress, source, destination, protocol, String(port)],
      value: [],
      owner,
      order: validUntil === undefined ? order : `${order}${separator}${validUntil}`,
    },
  ],
  fromElements: (key, live) => {
    const at = [key.ingress, key.source, key.destination, key.protocol, String(key.port)];
    const element = live.get('allow', at);
    return element && { ...key, owner: element.owner ?? '', ...splitOrder(element.order ?? '') };
  },
  keyOf: ({ map, key: [ingress = '', source = '', destination = '', protocol = '', port = ''] }, ref) =>
    map === 'allow' && ref.kind === 'gateway'
      ? { gateway: ref.name, ingress, source, destination, protocol, port: Number(port) }
      : undefined,
  check: ({ proposed, farEnds }) => Promise.resolve(expiryWarning(proposed?.validUntil, farEnds.now())),
  written: ({ proposed, farEnds }) => flushRoutesOf(proposed.owner, farEnds),
});

export class FirewallOpening extends terraformClass(firewallOpening) {}
