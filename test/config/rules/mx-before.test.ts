import { mxBefore } from '../../../lib/config/rules/mx-before.js';
import { saysOf } from '../support.js';

const mx = (...records: string[]) => ({
  domains: [{ name: 'a.example', writer: 'dns1', mx: { ttl: 1, records } }],
});

test('an MX that names the relay is no way back', () => {
  expect(saysOf(mxBefore, mx('10 mail.a.example', '20 mx1.landesnetz.example'))).toMatchInlineSnapshot(`
   "musterstadt.yaml:22:11  MX host mx1.landesnetz.example, which is the relay
     the record set from before the migration; write the old mail servers; the stage alone decides when the MX names the relay   [mx-before]
   "
  `);
});

test('a host twice is refused', () => {
  expect(saysOf(mxBefore, mx('10 mail.a.example', '20 mail.a.example'))).toMatchInlineSnapshot(`
   "musterstadt.yaml:22:11  MX host mail.a.example a second time
     each host once in a record set; remove one of the two   [mx-before]
   "
  `);
});

test('different old servers are right; a wrong record is not compared', () => {
  expect(saysOf(mxBefore, mx('10 mail.a.example', '10 mail2.a.example'))).toBe('');
  expect(saysOf(mxBefore, mx('mail.a.example', 'mail.a.example'))).toBe('');
  expect(saysOf(mxBefore, { domains: [{ name: 'a.example', writer: 'dns1' }] })).toBe('');
});
