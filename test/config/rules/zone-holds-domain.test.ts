import { zoneHoldsDomain } from '../../../lib/config/rules/zone-holds-domain.js';
import { saysOf } from '../support.js';

const within = (zone?: string, name = 'post.musterstadt.example') => ({
  domains: [{ name, zone, writer: 'dns1', mx: { ttl: 1, records: ['10 mail.musterstadt.example'] } }],
});

test('a zone that does not hold the domain is refused', () => {
  expect(saysOf(zoneHoldsDomain, within('stadt.example'))).toMatchInlineSnapshot(`
   "musterstadt.yaml:17:11  zone stadt.example
     post.musterstadt.example itself, or a domain above it; write the zone that \`dig +noall +authority SOA\` of the domain shows, or leave it out   [zone-holds-domain]
   "
  `);
});

test.each([undefined, 'musterstadt.example', 'post.musterstadt.example'])('zone %s is right', (zone) => {
  expect(saysOf(zoneHoldsDomain, within(zone))).toBe('');
});

test('a domain that is wrong by itself is not compared', () => {
  expect(saysOf(zoneHoldsDomain, within('stadt.example', 'x'))).toBe('');
});
