import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { gateway } from './common.js';

/** Nothing of a municipality can be put on a gateway before this is there. */
const owner = 'platform';

export const gatewayBase = defineResource({
  type: 'gateway_base',
  doc: 'What the platform owns on a gateway: the tables with their chains, and the links with the mark that stands for each.',
  attributes: {
    gateway,
    landesnetzLink: { type: 'string', doc: 'Interface towards the Landesnetz.', check: checks.link },
    links: {
      type: { map: 'string' },
      doc: 'Customer links: interface name → mark in routing and conntrack, 1 to 65535, as text: also the conntrack zone, which has 16 bits.',
      check: checks.eachEntry(checks.link, checks.mark),
    },
  },
  example: {
    gateway: 'gw1',
    landesnetzLink: 'ln0',
    links: { c1: '1', c2: '2' },
  },
  target: ({ gateway: name }) => ({ kind: 'gateway-base', name }),
  elements: ({ gateway, landesnetzLink, links }) => [
    { map: 'base', key: [gateway], value: [landesnetzLink], owner },
    ...Object.entries(links).map(([link, mark]) => ({ map: 'links', key: [link], value: [mark], owner })),
  ],
  fromElements: (key, live) => {
    const base = live.get('base', [key.gateway]);
    const links = live.all
      .filter(({ map, owner: of }) => map === 'links' && of === owner)
      .map(({ key: [link = ''], value: [mark = ''] }) => [link, mark] as const)
      .sort();
    return base && { ...key, landesnetzLink: base.value[0] ?? '', links: Object.fromEntries(links) };
  },
});

export class GatewayBase extends terraformClass(gatewayBase) {}
