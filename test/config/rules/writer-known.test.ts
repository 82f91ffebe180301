import { writerKnown } from '../../../lib/config/rules/writer-known.js';
import { saysOf } from '../support.js';

const by = (writer?: string) => ({
  domains: [{ name: 'a.example', writer, mx: { ttl: 1, records: ['10 mail.a.example'] } }],
});

test('an unknown writer is refused; the hoster may be what was meant', () => {
  expect(saysOf(writerKnown, by('host'))).toMatchInlineSnapshot(`
   "musterstadt.yaml:17:13  DNS server host
     the name of a DNS server in the platform file; write hoster   [writer-known]
   "
  `);
});

test('a DNS server of the platform and the hoster are right', () => {
  expect(saysOf(writerKnown, by('dns1'))).toBe('');
  expect(saysOf(writerKnown, by('hoster'))).toBe('');
});
