import { connectFault, flowText, parseFlow, type Flow } from '../../lib/anbindung/flow.js';

const expected = { inside: '192.168.10.5', port: 25, relayAlias: '192.168.10.250' };
const healthy: Flow = {
  allowed: 4,
  dnat: { address: '192.168.10.5', port: 25 },
  snat: '192.168.10.250',
  tracked: [],
  ping: true,
  neighbour: 'REACHABLE',
};
const before = { ...healthy, allowed: 1 };

test('what the gateway says of a flow', () => {
  expect(
    parseFlow([
      'allow 52',
      'dnat 192.168.10.5 25 52',
      'link c0',
      'snat 192.168.10.250',
      'tracked SYN_SENT unreplied 192.168.10.5 192.168.10.250',
      'ping silent',
      'neighbour FAILED',
    ]),
  ).toEqual({
    allowed: 52,
    dnat: { address: '192.168.10.5', port: 25 },
    snat: '192.168.10.250',
    tracked: [{ state: 'SYN_SENT', replied: false, backTo: '192.168.10.250' }],
    ping: false,
    neighbour: 'FAILED',
  });
});

test('a hyphen stands for what is not there', () => {
  expect(parseFlow(['allow -', 'dnat -', 'link -', 'snat -', 'ping -', 'neighbour -'])).toEqual({
    allowed: undefined,
    dnat: undefined,
    snat: undefined,
    tracked: [],
    ping: undefined,
    neighbour: undefined,
  });
});

test.each([
  ['rule-missing', 'timeout', { allowed: undefined }],
  ['rule-missing', 'no-route', { allowed: undefined }],
  ['translation-missing', 'timeout', { dnat: undefined }],
  ['gateway-differs', 'unreachable', { dnat: { address: '192.168.10.6', port: 25 } }],
  ['gateway-differs', 'refused', { dnat: { address: '192.168.10.5', port: 26 } }],
  ['source-nat-missing', 'timeout', { snat: undefined }],
  ['source-nat-missing', 'timeout', { snat: '192.168.10.251' }],
  ['filter-before-gateway', 'timeout', { allowed: 1 }],
  ['route-missing', 'no-route', { allowed: 1 }],
  ['gateway-route-missing', 'no-route', {}],
  ['source-address-missing', 'no-source', {}],
  ['not-in-pool', 'not-allowed', {}],
  ['no-service', 'refused', {}],
  ['wrong-inside-address', 'unreachable', { ping: false, neighbour: 'FAILED' }],
  ['wrong-inside-address', 'timeout', { ping: false, neighbour: 'INCOMPLETE' }],
  ['filter-reject', 'unreachable', {}],
  ['filter-drop', 'timeout', {}],
  ['return-path-missing', 'timeout', { ping: false }],
  ['return-path-missing', 'timeout', { ping: undefined, neighbour: undefined }],
] as const)('%s: the relay sees %s, the gateway %j', (fault, failure, change) => {
  expect(connectFault(failure, { before, after: { ...healthy, ...change } }, expected)).toBe(fault);
});

test('the ground of a finding is one line', () => {
  const tracked = [{ state: 'SYN_SENT', replied: false, backTo: '192.168.10.250' }];
  expect(flowText({ before, after: { ...healthy, tracked, ping: false } })).toBe(
    'Freischaltung: 3 neue Pakete, DNAT auf 192.168.10.5:25, SNAT auf 192.168.10.250, 1 Verbindung ohne Antwort, Ping unbeantwortet',
  );
});
