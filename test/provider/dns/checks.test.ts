import { dnsProvider } from '../../../lib/provider/dns/index.js';
import { unknown, type ServedResource, type Value, type ValueObject } from '../../../lib/provider/served.js';

const provider = dnsProvider({});
const rules = (type: string, config: ValueObject): string[] =>
  ((provider.resources[type] as ServedResource).validate?.(config) ?? []).map(({ rule }) => rule);

const zone = 'musterstadt.example.';
const mx = (more: ValueObject): string[] =>
  rules('dns_mx_record_set', {
    zone,
    name: null,
    ttl: 300,
    mx: [{ preference: 10, exchange: 'mx1.relay.example.' }],
    ...more,
  });
const txt = (...texts: Value[]): string[] =>
  rules('dns_txt_record_set', { zone, name: '_mta-sts', ttl: 300, txt: texts });

test('a plain record set is fine, and so is one that is not known yet', () => {
  expect(mx({})).toEqual([]);
  expect(mx({ zone: unknown, name: unknown, ttl: unknown, mx: unknown })).toEqual([]);
  expect(mx({ ttl: null, mx: [{ preference: unknown, exchange: 'x' }] })).toEqual([]);
  expect(rules('dns_txt_record_set', { zone, name: null, ttl: null, txt: unknown })).toEqual([]);
  expect(txt('v=STSv1; id=1', unknown)).toEqual([]);
});

test.each<[string, ValueObject]>([
  ['zone without its dot', { zone: 'musterstadt.example' }],
  ['zone with a second line', { zone: 'a.example.\nsend' }],
  ['name with a dot at the end', { name: 'mail.' }],
  ['empty name', { name: '' }],
  ['name with a space', { name: 'a b' }],
  ['name too long together with its zone', { name: `${'a.'.repeat(121)}a` }],
  ['MX at a name that is no host', { name: '_mta-sts' }],
])('refused: %s', (_what, more) => expect(mx(more)).toEqual(['dns-name']));

test.each([0, -1, 1.5, 604_801, 2 ** 31, '60'])('refused: TTL %p', (ttl) =>
  expect(mx({ ttl })).toEqual(['dns-ttl']),
);
test.each([1, 604_800])('allowed: TTL %p', (ttl) => expect(mx({ ttl })).toEqual([]));

test('refused: an MX set without records', () => expect(mx({ mx: [] })).toEqual(['dns-mx-empty']));

test.each([
  'mx1.relay.example',
  '10.64.0.10',
  '203.0.113.10.',
  '.',
  'under_score.example.',
  'mx1.example. 20 evil.example.',
  'mx1.example.\nupdate delete musterstadt.example. MX',
  `${'a'.repeat(64)}.example.`,
  'grün.example.',
  '',
])('refused: exchange %j', (exchange) =>
  expect(mx({ mx: [{ preference: 10, exchange }] })).toEqual(['dns-mx-exchange']),
);

test.each([-1, 65_536, 1.5])('refused: preference %p', (preference) =>
  expect(mx({ mx: [{ preference, exchange: 'a.example.' }] })).toEqual(['dns-mx-preference']),
);

test('refused: the same MX twice, whatever its case', () =>
  expect(mx({ mx: ['a.example.', 'A.Example.'].map((exchange) => ({ preference: 10, exchange })) })).toEqual([
    'dns-mx-twice',
  ]));

test('refused: no text, two SPF records, a broken one, one of absurd length', () => {
  expect(txt()).toEqual(['dns-txt-empty']);
  expect(txt('v=spf1 mx -all', 'v=spf1 a -all')).toEqual(['dns-spf']);
  expect(txt('v=spf1 mxx -all')).toEqual(['dns-spf']);
  expect(txt('x'.repeat(16_385))).toEqual(['dns-txt-length']);
});
