import { withRelay as withRelayAt } from '../../lib/migration/spf.js';

const relay = ['ip4:203.0.113.10'];
const mx = (...hosts: string[]) => ({ ttl: 60, records: hosts.map((host) => ({ preference: 10, host })) });
const domains = [
  { name: 'a.example', mx: mx('mail.a.example', 'Mail2.a.example') },
  { name: 'b.example', mx: mx('mail.b.example') },
];
const withRelay = (spf: string, mechanisms: readonly string[]): string =>
  withRelayAt(spf, mechanisms, 'a.example', domains);

describe('the relay comes into SPF beside the old senders', () => {
  test.each([
    ['v=spf1 a -all', 'v=spf1 ip4:203.0.113.10 a -all'],
    ['v=spf1 redirect=_spf.example', 'v=spf1 ip4:203.0.113.10 redirect=_spf.example'],
    ['v=spf1', 'v=spf1 ip4:203.0.113.10'],
    ['V=SPF1  a   ~all', 'V=SPF1 ip4:203.0.113.10  a   ~all'],
  ])('%s', (before, after) => {
    expect(withRelay(before, relay)).toBe(after);
  });

  test('before anything that would refuse it', () => {
    expect(withRelay('v=spf1 -ip4:203.0.113.0/24 a -all', relay)).toBe(
      'v=spf1 ip4:203.0.113.10 -ip4:203.0.113.0/24 a -all',
    );
    expect(withRelay('v=spf1 ?mx ip4:203.0.113.10 -all', relay)).toBe(
      'v=spf1 ip4:203.0.113.10 ?mx ip4:203.0.113.10 -all',
    );
  });

  test.each([
    'v=spf1 ip4:203.0.113.10 a -all',
    'v=spf1 a +ip4:203.0.113.10 ?all',
    'v=spf1 a IP4:203.0.113.10',
  ])('unchanged where it is permitted already: %s', (spf) => {
    expect(withRelay(spf, relay)).toBe(spf);
  });

  test('again where it stands behind `all`, which nothing passes', () => {
    expect(withRelay('v=spf1 -all ip4:203.0.113.10', relay)).toBe(
      'v=spf1 ip4:203.0.113.10 -all ip4:203.0.113.10',
    );
  });

  test.each([
    ['v=spf1 mx -all', 'a:mail.a.example a:mail2.a.example'],
    ['v=spf1 +MX/24//64 -all', 'a:mail.a.example/24//64 a:mail2.a.example/24//64'],
    ['v=spf1 mx:a.example. mx -all', 'a:mail.a.example a:mail2.a.example'],
    ['v=spf1 mx:b.example/28 ~all', 'a:mail.b.example/28'],
    ['v=spf1 A:mail2.a.example mx', 'a:mail.a.example'],
  ])('so do the hosts that mx stands for until the MX names the relay: %s', (before, hosts) => {
    const after = before.replace('v=spf1', `v=spf1 ip4:203.0.113.10 ${hosts}`);
    expect(withRelay(before, relay)).toBe(after);
    expect(withRelay(after, relay)).toBe(after);
  });

  test.each(['?mx', '-mx', '~mx', 'mx:elsewhere.example', 'mx:%{d}', '-all mx'])(
    'but not those of %s, which permits none that moves',
    (term) => {
      const rest = `${term} -all`.replace('-all mx -all', '-all mx');
      expect(withRelay(`v=spf1 ${rest}`, relay)).toBe(`v=spf1 ip4:203.0.113.10 ${rest}`);
    },
  );

  test('twice is the same as once, and only what is missing comes', () => {
    const two = ['ip4:203.0.113.10', 'include:_spf.relay.example'];
    const once = withRelay('v=spf1 include:_spf.relay.example -all', two);
    expect(once).toBe('v=spf1 ip4:203.0.113.10 include:_spf.relay.example -all');
    expect(withRelay(once, two)).toBe(once);
  });
});
