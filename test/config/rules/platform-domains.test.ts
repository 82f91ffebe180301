import { platformDomains } from '../../../lib/config/rules/platform-domains.js';
import { saysOf } from '../support.js';

test('a domain of two offices is refused', () => {
  const ndbPartners = { bund: { domains: ['bund.example', 'landesamt.example'] } };
  expect(saysOf(platformDomains, {}, { ndbPartners })).toMatchInlineSnapshot(`
   "platform.yaml:46:9  domain landesamt.example belongs to amt
     each domain once among tenants and NdB partners; remove it where it does not belong   [platform-domains]
   "
  `);
});

test('each its own is right', () => {
  expect(saysOf(platformDomains, {})).toBe('');
});
