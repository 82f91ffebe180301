import { nameServersOf, type NameResolver } from '../../../lib/provider/targets/dns/delegation.js';
import {
  mayPointAt,
  observeMx,
  parseServer,
  type MxObservation,
} from '../../../lib/provider/targets/dns/observe.js';

test.each([
  ['192.0.2.53', { host: '192.0.2.53', port: 53 }],
  ['192.0.2.53:5353', { host: '192.0.2.53', port: 5353 }],
  ['ns.example:5353', { host: 'ns.example', port: 5353 }],
  ['[2001:db8::53]:5353', { host: '2001:db8::53', port: 5353 }],
  ['2001:db8::53', { host: '2001:db8::53', port: 53 }],
])('%s is %j', (server, parsed) => expect(parseServer(server)).toEqual(parsed));

const seen = (more: Partial<MxObservation>): MxObservation => ({
  server: 'ns.example:53',
  at: '2026-01-01T00:00:00.000Z',
  outcome: 'records',
  authoritative: true,
  ttl: 60,
  records: [{ preference: 10, exchange: 'mail.musterstadt.example.' }],
  problem: undefined,
  ...more,
});

const hosts = ['mx1.relay.example'];
const listing = seen({ records: [{ preference: 10, exchange: 'MX1.relay.example.' }] });
const silent = seen({ outcome: 'unknown', authoritative: false, records: [] });
const elsewhere = seen({ outcome: 'elsewhere', authoritative: false, records: [] });
const cached = seen({ authoritative: false });

test('no mail comes by servers that list others, nothing, or hold another zone', () => {
  const absent = seen({ outcome: 'absent', records: [] });
  expect(mayPointAt([seen({}), absent, elsewhere, cached], hosts)).toEqual([]);
});

test('mail may still come by a server that lists the relay, even from a cache, or that does not answer', () => {
  const fromCache = { ...listing, authoritative: false };
  expect(mayPointAt([seen({}), listing, fromCache, silent], hosts)).toEqual([listing, fromCache, silent]);
});

test('where nobody answers with authority, everything is open', () => {
  expect(mayPointAt([elsewhere, cached], hosts)).toEqual([elsewhere, cached]);
});

test('with no server to ask and a resolver that knows none, that itself is an observation', async () => {
  const none = (): Promise<never> => Promise.reject(new Error('ENOTFOUND'));
  const observations = await observeMx('musterstadt.example', [], undefined, {
    resolveNs: none,
    resolve4: none,
    resolve6: none,
  });
  expect(observations).toMatchObject([{ outcome: 'unknown' }]);
  expect(mayPointAt(observations, hosts)).toHaveLength(1);
});

test('the delegation of the nearest zone above a name is asked, never that of a top-level domain', async () => {
  const asked: string[] = [];
  const found = await nameServersOf('sub.musterstadt.example.', {
    resolveNs: (name: string) => {
      asked.push(name);
      return name === 'musterstadt.example'
        ? Promise.resolve(['ns1.hoster.example', 'ns2.hoster.example'])
        : Promise.reject(new Error());
    },
    resolve4: (name: string) =>
      name.startsWith('ns1') ? Promise.resolve(['192.0.2.1']) : Promise.reject(new Error()),
    resolve6: () => Promise.resolve(['2001:db8::1']),
  } as unknown as NameResolver);
  expect(asked).toEqual(['sub.musterstadt.example', 'musterstadt.example']);
  expect(found).toEqual(['192.0.2.1', '2001:db8::1']);
});
