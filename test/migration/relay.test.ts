import type { Municipality } from '../../lib/config/municipality.js';
import { relayAcceptances, relayClients, relayRoutes } from '../../lib/migration/relay.js';
import { ndbDomains } from '../../lib/migration/ndb.js';
import { after, at, doppelstadt, musterstadt, platform } from './examples.js';

const accepted = (m: Municipality): string[] =>
  relayAcceptances(m, platform).map(
    ({ class: listener, announced }) => `${listener}${announced ? '' : ' (silent)'}`,
  );

const kept = (stage: 1 | 2 | 3 | 4) => [{ stage, since: after(0), until: after(100) }];

describe('the relay accepts, listener by listener', () => {
  test('tenants at stage 2, the NdB at 3, the Internet at 4', () => {
    expect([accepted(at(1)), accepted(at(2)), accepted(at(3)), accepted(at(4))]).toEqual([
      [],
      ['internal'],
      ['internal', 'ndb'],
      ['internal', 'ndb', 'internet'],
    ]);
  });

  test('what is kept without telling anybody new', () => {
    expect(accepted({ ...at(3), kept: kept(4) })).toEqual(['internal', 'ndb', 'internet (silent)']);
    expect(accepted({ ...at(2), kept: kept(3) })).toEqual(['internal', 'ndb (silent)']);
    expect(accepted({ ...at(1), kept: kept(2) })).toEqual(['internal (silent)']);
  });

  test('the Internet silently, until the outgoing path was tested and the MX moves', () => {
    const untested = { ...musterstadt, outgoingTestPassedOn: undefined };
    expect(accepted(at(4, untested))).toEqual(['internal', 'ndb', 'internet (silent)']);
  });

  test('the NdB silently for a domain that is not reported', () => {
    const domains = musterstadt.domains.map((domain) => ({ ...domain, ndb: undefined }));
    expect(accepted(at(3, { ...musterstadt, domains }))).toEqual(['internal', 'ndb (silent)']);
    expect(ndbDomains(at(3, { ...musterstadt, domains }))).toEqual([]);
  });
});

test('going back from stage 3 withdraws the report at once, though acceptance is kept', () => {
  expect(ndbDomains(at(3))).toHaveLength(1);
  expect(ndbDomains({ ...at(2), kept: kept(3) })).toEqual([]);
});

test('each server may send for all domains of the municipality, from stage 4 on', () => {
  expect(relayClients(at(3, doppelstadt), platform)).toEqual([]);
  expect(relayClients(at(4, doppelstadt), platform).map(({ senderDomains }) => senderDomains)).toEqual([
    ['doppelstadt.example', 'stadt.example'],
    ['doppelstadt.example', 'stadt.example'],
  ]);
});

test('and under the foreign senders that its users forward', () => {
  const forwarding = ['stadt.example', 'verein.example'];
  expect(relayClients(at(4, { ...doppelstadt, forwarding }), platform)[0]?.senderDomains).toEqual([
    'doppelstadt.example',
    'stadt.example',
    'verein.example',
  ]);
  const silent = { ...doppelstadt, forwarding: undefined };
  expect(relayClients(at(4, silent), platform)[0]?.senderDomains).toHaveLength(2);
});

test('as long as an edge settles nothing bounces and other senders are deferred, then they are refused', () => {
  const settling = { since: after(0), until: after(30) };
  const said = (m: Municipality) => [
    relayRoutes(m, platform)[0]?.softBounce,
    relayClients(m, platform)[0]?.foreignSenders,
  ];
  expect(said({ ...at(4), settling })).toEqual([true, 'defer']);
  expect(said(at(4))).toEqual([false, 'refuse']);
});

describe('what its servers do not take is refused by the relay', () => {
  const limits = (internalMb: number, internetMb: number) =>
    relayRoutes(at(2, { ...musterstadt, limits: { internalMb, internetMb } }), platform).map(
      ({ internalLimit, internetLimit }) => [internalLimit, internetLimit],
    )[0];

  test('where its limits are smaller than the programme’s', () => {
    expect(limits(100, 35)).toEqual([undefined, undefined]);
    expect(limits(50, 25)).toEqual([52_428_800, 26_214_400]);
    expect(limits(99, 35)).toEqual([103_809_024, undefined]);
    expect(limits(100, 34)).toEqual([undefined, 35_651_584]);
  });

  test('but Antragsdaten of 13 MB always pass, which are more in base64', () => {
    expect(limits(13, 13)).toEqual([17_799_478, 17_799_478]);
  });
});
