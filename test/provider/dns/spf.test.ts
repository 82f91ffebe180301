import { isSpf, spfProblems } from '../../../lib/provider/dns/spf.js';

test.each(['v=spf1', 'v=spf1 -all', 'V=SPF1 mx'])('%s is an SPF record', (text) =>
  expect(isSpf(text)).toBe(true),
);
test.each(['v=spf10 -all', 'v=spf1-all', ' v=spf1', 'spf2.0/pra', ''])('%j is none', (text) =>
  expect(isSpf(text)).toBe(false),
);

test.each([
  'v=spf1',
  'v=spf1  mx  -all ',
  'v=spf1 a a:mail.example a/24 a:mail.example/24//64 mx:musterstadt.example//64 ?all',
  'v=spf1 ip4:203.0.113.10 ip4:198.51.100.0/24 ip6:2001:db8::1 ip6:2001:db8::/32 ~all',
  'v=spf1 include:_spf.relay.example exists:%{i}._spf.%{d} ptr redirect=_spf.example',
  'v=spf1 mx exp=explain._spf.%{d} unknown-modifier=x +all',
  'v=spf1 include:1.e include:2.e include:3.e include:4.e include:5.e a:6.e mx:7.e ptr:8.e exists:9.e redirect=10.e',
])('%s is plausible', (text) => expect(spfProblems(text)).toEqual([]));

test.each([
  ['v=spf1 ip4:203.0.113.300 -all', 'not an address'],
  ['v=spf1 ip4:203.0.113.0/33 -all', 'not an address'],
  ['v=spf1 ip6:203.0.113.1 -all', 'not an address'],
  ['v=spf1 ip6:2001:db8::/129 -all', 'not an address'],
  ['v=spf1 mxx -all', '"mxx" is neither'],
  ['v=spf1 include: -all', '"include:" is neither'],
  ['v=spf1 -all mx', 'never looked at'],
  ['v=spf1 redirect=a.e redirect=b.e', 'twice'],
  ['v=spf1 mx –all', 'ASCII'],
  ['v=spf1 mx\n-all', 'ASCII'],
  [
    `v=spf1 ${Array.from({ length: 11 }, (_, at) => `include:${at}.e`).join(' ')} -all`,
    '11 look-ups, 10 are allowed',
  ],
])('%j is refused', (text, says) => expect(spfProblems(text).join('; ')).toContain(says));
