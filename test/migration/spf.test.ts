import { withRelay } from '../../lib/migration/spf.js';

const relay = ['ip4:203.0.113.10'];

describe('the relay comes into SPF beside the old senders', () => {
  test.each([
    ['v=spf1 mx -all', 'v=spf1 ip4:203.0.113.10 mx -all'],
    ['v=spf1 redirect=_spf.example', 'v=spf1 ip4:203.0.113.10 redirect=_spf.example'],
    ['v=spf1', 'v=spf1 ip4:203.0.113.10'],
    ['V=SPF1  a   ~all', 'V=SPF1 ip4:203.0.113.10  a   ~all'],
  ])('%s', (before, after) => {
    expect(withRelay(before, relay)).toBe(after);
  });

  test('before anything that would refuse it', () => {
    expect(withRelay('v=spf1 -ip4:203.0.113.0/24 mx -all', relay)).toBe(
      'v=spf1 ip4:203.0.113.10 -ip4:203.0.113.0/24 mx -all',
    );
    expect(withRelay('v=spf1 ?mx ip4:203.0.113.10 -all', relay)).toBe(
      'v=spf1 ip4:203.0.113.10 ?mx ip4:203.0.113.10 -all',
    );
  });

  test.each([
    'v=spf1 ip4:203.0.113.10 mx -all',
    'v=spf1 mx +ip4:203.0.113.10 ?all',
    'v=spf1 mx IP4:203.0.113.10',
  ])('unchanged where it is permitted already: %s', (spf) => {
    expect(withRelay(spf, relay)).toBe(spf);
  });

  test('again where it stands behind `all`, which nothing passes', () => {
    expect(withRelay('v=spf1 -all ip4:203.0.113.10', relay)).toBe(
      'v=spf1 ip4:203.0.113.10 -all ip4:203.0.113.10',
    );
  });

  test('twice is the same as once, and only what is missing comes', () => {
    const two = ['ip4:203.0.113.10', 'include:_spf.relay.example'];
    const once = withRelay('v=spf1 include:_spf.relay.example -all', two);
    expect(once).toBe('v=spf1 ip4:203.0.113.10 include:_spf.relay.example -all');
    expect(withRelay(once, two)).toBe(once);
  });
});
