import { gatewayKnown } from '../../../lib/config/rules/gateway-known.js';
import { saysOf } from '../support.js';

const gateway = { landesnetzLink: 'ln0', links: { c0: 1 }, ssh: { host: '10.64.0.2' } };
const names = ['gw2', 'gw3', 'gw4', 'gw5', 'gw6'];
const six = { gateways: Object.fromEntries(names.map((name) => [name, gateway])) };

test('an unknown gateway is refused with the one that was meant', () => {
  expect(saysOf(gatewayKnown, { network: { gateway: 'gw7' } })).toMatchInlineSnapshot(`
   "musterstadt.yaml:12:12  gateway gw7
     the name of a gateway in the platform file; write gw1   [gateway-known]
   "
  `);
});

test('one that is like none gets some to choose from', () => {
  expect(saysOf(gatewayKnown, { network: { gateway: 'magdeburg' } }, six)).toMatchInlineSnapshot(`
   "musterstadt.yaml:12:12  gateway magdeburg
     the name of a gateway in the platform file; write one of gw1, gw2, gw3, gw4, gw5 …, or add it there   [gateway-known]
   "
  `);
});

test('where there are several, none is the default', () => {
  expect(saysOf(gatewayKnown, {}, six)).toMatchInlineSnapshot(`
   "musterstadt.yaml:10:3  no gateway
     the name of one: the platform has 6; write network.gateway: one of gw1, gw2, gw3, gw4, gw5 …   [gateway-known]
   "
  `);
});

test('the only one need not be named, and may be', () => {
  expect(saysOf(gatewayKnown, {})).toBe('');
  expect(saysOf(gatewayKnown, { network: { gateway: 'gw1' } })).toBe('');
});

test('a name that is wrong by itself is not looked up', () => {
  expect(saysOf(gatewayKnown, { network: { gateway: 'GW 1' } }, six)).toBe('');
});
