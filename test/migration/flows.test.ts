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

describe('a server joins while mail flows', () => {
  const joins = { inside: '192.168.10.6', transfer: '10.128.0.9', ports: [25], joinedOn: '2026-01-31' };
  const tested = { ...joins, testedOn: '2026-02-02' };
  const beside = (...servers: Municipality['servers']): Municipality => ({
    ...musterstadt,
    servers: [...musterstadt.servers, ...servers],
  });
  const hops = (m: Municipality) =>
    desiredState(m, platform).relayRoutes[0]?.nextHops.map(({ address }) => address);

  test('it can be reached, and gets no mail before it is tested', () => {
    expect(opened(at(2, beside(joins)))).toEqual([relayToServer, 'ln0: 10.64.0.10 → 10.128.0.9 tcp/25']);
    expect(hops(at(2, beside(joins)))).toEqual(['10.128.0.1']);
    expect(hops(at(2, beside(tested)))).toEqual(['10.128.0.1', '10.128.0.9']);
  });

  test('at stage 4 it may send before it gets mail', () => {
    const { relayClients } = desiredState(at(4, beside(joins)), platform);
    expect(relayClients.map(({ address }) => address)).toEqual(['10.128.0.1', '10.128.0.9']);
    expect(opened(at(4, beside(joins)))).toContain('c0: 192.168.10.6 → 192.168.10.250 tcp/25');
  });

  test('a host that changes its transfer address sends under the old one until that goes', () => {
    const sends = (m: Municipality) =>
      desiredState(at(4, m), platform)
        .snatRules.filter(({ ingress }) => ingress === 'c0')
        .map(({ toAddress }) => toAddress);
    const same = { ...joins, inside: '192.168.10.5' };
    expect(sends(beside(same))).toEqual(['10.128.0.1']);
    expect(sends(beside({ ...same, testedOn: '2026-02-02' }))).toEqual(['10.128.0.1']);
    expect(sends({ ...musterstadt, servers: [same, ...musterstadt.servers] })).toEqual(['10.128.0.1']);
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
    // What it had opened under the old one goes on.
    const clients = desiredState(at(4, moved), platform).relayClients.map(({ address }) => address);
    expect(clients).toEqual(['10.128.0.1', '10.128.0.9']);
  });

  test('under a transfer address that is in use again, the present server is the one that is meant', () => {
    const reused = desiredState(at(2, replaced({ ...old, transfer: '10.128.0.1' })), platform);
    expect(reused.dnatRules.map(({ toAddress }) => toAddress)).toEqual(['192.168.10.5']);
  });
});
