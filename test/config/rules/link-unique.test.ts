import { linkUnique } from '../../../lib/config/rules/link-unique.js';
import { other, says } from '../support.js';

const two = (second: object) => ({
  municipalities: { musterstadt: {}, beispielhausen: { ...other, network: { link: 'c0', ...second } } },
});
const gateway = { landesnetzLink: 'ln0', links: { c0: 1 }, ssh: { host: '10.64.0.2' } };

test('two municipalities on one link are refused, the first is named', () => {
  expect(says(linkUnique, two({}))).toMatchInlineSnapshot(`
   "beispielhausen.yaml:10:9  link c0 of gw1 belongs to musterstadt (musterstadt.yaml:10:9)
     one municipality a link; write the link on which this one arrives, and add it to the platform file if it is new   [link-unique]
   "
  `);
});

test('the same link of another gateway is another', () => {
  const changes = two({ gateway: 'gw2' });
  changes.municipalities.musterstadt = { network: { gateway: 'gw1' } };
  expect(says(linkUnique, { ...changes, platform: { gateways: { gw2: gateway } } })).toBe('');
});

test('nothing is said where gateway or link are unknown', () => {
  expect(says(linkUnique, { ...two({}), platform: { gateways: { gw2: gateway } } })).toBe('');
  expect(says(linkUnique, two({ link: '' }))).toBe('');
});
