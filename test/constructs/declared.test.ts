import { declared, keyed, literal } from '../../lib/constructs/declared.js';

test('an id is made of the key and reads like it', () => {
  expect(keyed('dnat', ['gw1', 'ln0', '10.128.0.1', 'tcp', 25])).toBe('dnat_gw1_ln0_10_128_0_1_tcp_25');
});

test('domains that differ in a dot and a hyphen have different ids', () => {
  expect(keyed('mx', ['a-b.example'])).not.toBe(keyed('mx', ['a.b.example']));
});

test('the gate comes first, and everything is created before it is destroyed', () => {
  const [gate, route] = [{ fqn: 'gate' }, { fqn: 'route' }];
  expect(declared({ domain: 'stadt.example' }, { gate, after: [route] })).toEqual({
    domain: 'stadt.example',
    dependsOn: [gate, route],
    lifecycle: { createBeforeDestroy: true },
  });
  expect(declared({}, { gate }).dependsOn).toEqual([gate]);
});

test('an SPF macro, or a text that looks like an expression, reaches the provider as it is written', () => {
  expect(
    literal({
      txt: ['v=spf1 exists:%{i}._spf.example -all'],
      purpose: '${file("/etc/shadow")}',
      port: 25,
      until: null,
    }),
  ).toEqual({
    txt: ['v=spf1 exists:%%{i}._spf.example -all'],
    purpose: '$${file("/etc/shadow")}',
    port: 25,
    until: null,
  });
});
