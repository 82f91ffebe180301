import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { relay } from './common.js';

/** Nothing of a municipality can be put on a relay before this is there. */
const owner = 'platform';
/** Tenants and partners encrypt where they can (DOMAIN). */
const tls = '=may';

export const relayBase = defineResource({
  type: 'relay_base',
  doc: 'What the platform owns on a relay: the routes to its tenants and to the partners in the NdB.',
  attributes: {
    relay,
    routes: {
      type: { map: 'string' },
      doc: 'Domain → next hop, `[address]:port`.',
      check: checks.eachEntry(checks.domain, checks.nextHop),
    },
  },
  example: {
    relay: 'relay1',
    routes: { 'ministerium.example': '[10.64.0.20]:25' },
  },
  target: ({ relay: name }) => ({ kind: 'relay-base', name }),
  elements: ({ relay, routes }) => [
    { map: 'base', key: [relay], value: [], owner },
    ...Object.entries(routes).map(([domain, nextHop]) => ({
      map: 'transport',
      key: [domain],
      value: [`${nextHop}${tls}`],
      owner,
    })),
  ],
  fromElements: (key, live) => {
    const routes = live.all
      .filter(({ map, owner: of }) => map === 'transport' && of === owner)
      .map(({ key: [domain = ''], value }) => [domain, value.join(' ').replace(/=may$/, '')] as const)
      .sort();
    return live.get('base', [key.relay]) && { ...key, routes: Object.fromEntries(routes) };
  },
});

export class RelayBase extends terraformClass(relayBase) {}
