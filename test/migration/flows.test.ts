import type { Municipality, StageNumber } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { at, doppelstadt, musterstadt, platform, teilhausen } from './examples.js';

/** What the gateway lets pass, as one reads a packet before translation: link, source, destination, port. */
const opened = (m: Municipality): string[] =>
  desiredState(m, platform).openings.map(
    ({ ingress, source, destination, protocol, port }) =>
      `${ingress}: ${source} → ${destination} ${protocol}/${port}`,
  );

const relayToServer = 'ln0: 10.64.0.10 → 10.128.0.1 tcp/25';
const serverToRelay = 'c0: 192.168.10.5 → 192.168.10.250 tcp/25';

describe('each stage opens exactly this and nothing else', () => {
  test.each<[StageNumber, string[]]>([
    [0, []],
    [1, [relayToServer]],
    [2, [relayToServer]],
    [3, [relayToServer]],
    [4, [serverToRelay, relayToServer]],
  ])('complete routing, stage %i: %j', (stage, flows) => {
    expect(opened(at(stage))).toEqual(flows);
  });

  test.each<[StageNumber, string[]]>([
    [0, []],
    [1, [relayToServer]],
    [2, [relayToServer]],
    [3, [relayToServer]],
    [4, [relayToServer]],
  ])('partial routing, stage %i (4 counts as 3): %j', (stage, flows) => {
    expect(opened(at(stage, teilhausen))).toEqual(flows);
  });

  test('what has partial routing is never more than at stage 3, for the gate neither', () => {
    expect(desiredState(at(4, teilhausen), platform)).toEqual(desiredState(at(3, teilhausen), platform));
  });

  test('two servers: the relay reaches each on its own ports, each reaches the relay on port 25', () => {
    expect(opened(at(4, doppelstadt))).toEqual([
      'c0: 192.168.10.5 → 192.168.10.250 tcp/25',
      'c0: 192.168.10.6 → 192.168.10.250 tcp/25',
      'ln0: 10.64.0.10 → 10.128.0.2 tcp/25',
      'ln0: 10.64.0.10 → 10.128.0.3 tcp/25',
      'ln0: 10.64.0.10 → 10.128.0.3 tcp/2525',
    ]);
  });
});

describe('a server was replaced while mail flowed', () => {
  const times = { since: '2025-06-01T12:00:00Z', until: '2025-06-08T12:00:00Z' };
  const old = { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] };
  const replaced = (server = old): Municipality => ({ ...musterstadt, kept: [{ server, ...times }] });

  test('the relay still reaches it, because mail for it may be queued there', () => {
    expect(opened(at(2, replaced()))).toEqual([relayToServer, 'ln0: 10.64.0.10 → 10.128.0.9 tcp/25']);
  });

  test('at stage 4 it still reaches the relay, because its own queue may hold mail', () => {
    const { relayClients, gate } = desiredState(at(4, replaced()), platform);
    expect(opened(at(4, replaced()))).toContain('c0: 192.168.10.4 → 192.168.10.250 tcp/25');
    expect(relayClients.map(({ address }) => address)).toEqual(['10.128.0.1', '10.128.0.9']);
    expect(gate.holds).toContainEqual({ id: 'relay_client:relay1/10.128.0.9', ...times });
  });

  test('no route leads to it any more', () => {
    const [route] = desiredState(at(2, replaced()), platform).relayRoutes;
    expect(route?.nextHops.map(({ address }) => address)).toEqual(['10.128.0.1']);
  });

  test('with only its transfer address changed, the server sends under the new one', () => {
    const moved = replaced({ ...old, inside: '192.168.10.5' });
    const outward = desiredState(at(4, moved), platform).snatRules.filter(({ ingress }) => ingress === 'c0');
    expect(outward.map(({ toAddress }) => toAddress)).toEqual(['10.128.0.1']);
  });

  test('under a transfer address that is in use again, the present server is the one that is meant', () => {
    const reused = desiredState(at(2, replaced({ ...old, transfer: '10.128.0.1' })), platform);
    expect(reused.dnatRules.map(({ toAddress }) => toAddress)).toEqual(['192.168.10.5']);
  });
});
