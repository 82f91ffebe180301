import { platformLinks } from '../../../lib/config/rules/platform-links.js';
import { saysOf } from '../support.js';

const links = (links: object) => ({ gateways: { gw1: { links } } });

test('a mark twice on a gateway is refused with a free one', () => {
  expect(saysOf(platformLinks, {}, links({ c1: 1, c2: 1 }))).toMatchInlineSnapshot(`
   "platform.yaml:12:11  mark 1 belongs to c0
     one mark a link on a gateway; write 2   [platform-links]
   platform.yaml:13:11  mark 1 belongs to c0
     one mark a link on a gateway; write 2   [platform-links]
   "
  `);
});

test("the gateway's own link is no customer link", () => {
  expect(saysOf(platformLinks, {}, links({ ln0: 9 }))).toMatchInlineSnapshot(`
   "platform.yaml:14:12  customer link ln0, which is the landesnetzLink
     interfaces towards municipalities; remove it from links, or correct landesnetzLink   [platform-links]
   "
  `);
});

test('each its own is right', () => {
  expect(saysOf(platformLinks, {})).toBe('');
});
