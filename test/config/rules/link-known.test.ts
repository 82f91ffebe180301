import { linkKnown } from '../../../lib/config/rules/link-known.js';
import { saysOf } from '../support.js';

test('a link that the gateway does not have is refused', () => {
  expect(saysOf(linkKnown, { network: { link: 'kom7' } })).toMatchInlineSnapshot(`
   "musterstadt.yaml:10:9  link of gw1 kom7
     the name of a link of gw1 in the platform file; write one of c0, c1, c2, or add it there   [link-known]
   "
  `);
});

test('names of JavaScript are no links', () => {
  expect(saysOf(linkKnown, { network: { link: 'constructor' } })).toContain('link of gw1 constructor');
});

test('a known one is right', () => {
  expect(saysOf(linkKnown, {})).toBe('');
});

test('nothing is said while the gateway is unknown', () => {
  expect(saysOf(linkKnown, { network: { gateway: 'gw9', link: 'c9' } })).toBe('');
});
