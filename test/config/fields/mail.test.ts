import { mxRecord, spf, spfMechanism, toMxRecord } from '../../../lib/config/fields/mail.js';
import { injections, verdict } from './support.js';

test('an MX record is preference and host', () => {
  expect(verdict(mxRecord, '10 mail.musterstadt.example')).toBe('');
  expect(toMxRecord('10 mail.musterstadt.example')).toEqual({
    preference: 10,
    host: 'mail.musterstadt.example',
  });
});

test.each([
  '10 mail.musterstadt.example.',
  '10 Mail.musterstadt.example',
  '65536 mail.a.example',
  '010 mail.a.example',
  'mail.a.example',
  '10  mail.a.example',
  '0 .',
  '10 192.0.2.1',
  10,
])('%j is none', (value) => {
  expect(verdict(mxRecord, value)).toMatchSnapshot();
});

test.each([
  'v=spf1 mx -all',
  'v=spf1',
  'v=spf1 +a:mail.a.example/24//64 ~mx ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.a.example ?all',
  'v=spf1 exists:%{i}._spf.a.example redirect=_spf.a.example',
  'v=spf1 ptr:a.example exp=explain.a.example -all',
])('%s is an SPF string', (value) => {
  expect(verdict(spf, value)).toBe('');
});

test.each([
  'v=spf2 -all',
  'v=spf1  -all',
  'v=spf1 -all ',
  '"v=spf1 -all"',
  'v=spf1 ipv4:192.0.2.1 -all',
  'v=spf1 allx',
  'v=spf1 a;b',
  `v=spf1 ${'a '.repeat(130)}-all`,
  7,
])('%j is none', (value) => {
  expect(verdict(spf, value)).toMatchSnapshot();
});

test.each(['ip4:203.0.113.10', 'include:_spf.a.example', 'a:relay.a.example', 'mx'])(
  '%s stands for a relay',
  (value) => {
    expect(verdict(spfMechanism, value)).toBe('');
  },
);

test.each(['all', '+ip4:1.2.3.4', 'ip4', 'ip4:1.2.3.4 all', 'redirect=a.example'])('%s does not', (value) => {
  expect(verdict(spfMechanism, value)).toContain('[spf-mechanism]');
});

test.each(injections)('%j is refused everywhere', (value) => {
  for (const field of [mxRecord, spf, spfMechanism]) {
    expect(verdict(field, value)).not.toBe('');
    expect(verdict(field, `10 ${value}.example`)).not.toBe('');
  }
});
