import { domainForeign } from '../../../lib/config/rules/domain-foreign.js';
import { saysOf } from '../support.js';

const named = (name: string) => ({
  domains: [{ name, writer: 'dns1', mx: { ttl: 1, records: ['10 mail.musterstadt.example'] } }],
});

test("a tenant's domain is refused", () => {
  expect(saysOf(domainForeign, named('landesamt.example'))).toMatchInlineSnapshot(`
   "musterstadt.yaml:16:11  domain landesamt.example belongs to amt (platform file)
     a domain of the municipality itself; remove it here, or from the platform file if the authority gave it up   [domain-foreign]
   "
  `);
});

test.each(['bund.example', 'mx1.landesnetz.example', 'landesnetz.example'])('so is %s', (name) => {
  expect(saysOf(domainForeign, named(name))).toContain(`domain ${name} belongs to`);
});

test('its own is right; a wrong one was reported by its field', () => {
  expect(saysOf(domainForeign, named('musterstadt.example'))).toBe('');
  expect(saysOf(domainForeign, named('Musterstadt.example'))).toBe('');
});
