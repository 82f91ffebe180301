import type { Kept, Municipality } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { municipalityFor, stageOfDomain } from '../../lib/migration/domains.js';
import { evidenceOf } from '../../lib/migration/evidence.js';
import { after, at, doppelstadt, platform } from './examples.js';

const [first, second] = doppelstadt.domains as [
  Municipality['domains'][number],
  Municipality['domains'][number],
];

/** Doppelstadt, with a second domain that goes by itself. */
const with2nd = (change: Partial<Municipality['domains'][number]>, kept: Kept[] = []): Municipality => ({
  ...at(4, doppelstadt),
  domains: [first, { ...second, ...change }],
  kept,
});

/** What is declared of a domain: kind of element, and what of it matters. */
function declared(m: Municipality, name = second.name): string[] {
  const { mxRecordSets, relayRoutes, relayAcceptances, relayClients, ndbDomains } = desiredState(m, platform);
  const of = <T extends { domain: string }>(list: readonly T[]): T[] =>
    list.filter(({ domain }) => domain === name);
  return [
    ...of(mxRecordSets).map(({ records: [mx] }) => `mx ${mx?.host ?? ''}`),
    ...of(relayRoutes).map(() => 'route'),
    ...of(relayAcceptances).map(({ class: listener, announced }) => `${announced ? '' : 'kept '}${listener}`),
    ...of(ndbDomains).map(() => 'ndb report'),
    ...(relayClients[0]?.senderDomains.includes(name) ? ['sender'] : []),
  ];
}

test.each([
  [0, []],
  [1, ['mx a.doppelstadt.example']],
  [2, ['mx a.doppelstadt.example', 'route', 'internal']],
  [3, ['mx a.doppelstadt.example', 'route', 'internal', 'ndb', 'ndb report']],
  [4, ['mx a.doppelstadt.example', 'route', 'internal', 'kept internet', 'ndb', 'ndb report', 'sender']],
] as const)('a domain that joins stands at its own stage %i, the others at theirs', (stage, expected) => {
  expect(declared(with2nd({ stage }))).toEqual(expected);
  expect(declared(with2nd({ stage }), first.name)).toEqual(declared(at(4, doppelstadt), first.name));
});

test('its MX moves with its own test, not with that of the municipality', () => {
  expect(declared(with2nd({ stage: 4, outgoingTestPassedOn: '2025-05-01' }))[0]).toBe('mx mx1.relay.example');
  expect(declared(with2nd({ outgoingTestPassedOn: undefined }))[0]).toBe('mx mx1.relay.example');
});

test('a domain goes no further than its municipality', () => {
  expect(stageOfDomain(at(2, doppelstadt), { stage: 4 })).toBe(2);
  expect(stageOfDomain({ ...at(4, doppelstadt), routing: 'teilweise' }, {})).toBe(3);
});

test('what is kept of it is there, and of the others as before', () => {
  const kept = [{ stage: 3 as const, domain: second.name, since: after(0), until: after(100) }];
  expect(declared(with2nd({ stage: 2 }, kept))).toEqual([
    'mx a.doppelstadt.example',
    'route',
    'internal',
    'kept ndb',
  ]);
  expect(declared(with2nd({ stage: 2 }, kept), first.name)).toEqual(declared(at(4, doppelstadt), first.name));
});

test('what is kept of the municipality is kept of a domain as far as it went', () => {
  const kept = [{ stage: 4 as const, since: after(0), until: after(100) }];
  const m = (stage?: 2 | 3 | 4): Municipality => ({ ...with2nd({ stage }, kept), stage: 3 });
  const keptOf = (stage?: 2 | 3 | 4) =>
    municipalityFor(m(stage), { ...second, stage }).kept.map((one) => 'stage' in one && one.stage);
  expect(keptOf()).toEqual([4]);
  expect(keptOf(4)).toEqual([4]);
  expect(keptOf(3)).toEqual([]);
  expect(declared(m(2))).toEqual(['mx a.doppelstadt.example', 'route', 'internal']);
});

test('of entries of the municipality that come to the same stage of a domain the last counts, once', () => {
  const four = { stage: 4 as const, since: after(0), until: after(100) };
  // Where both end together, what is left to the register is the time since the later began.
  for (const three of [
    { stage: 3 as const, since: after(5), until: after(200) },
    { stage: 3 as const, since: after(5), until: after(100) },
  ])
    for (const kept of [
      [four, three],
      [three, four],
    ])
      expect(
        municipalityFor({ ...with2nd({ stage: 3 }, kept), stage: 2 }, { ...second, stage: 3 }).kept,
      ).toEqual([three]);
});

test('evidence is asked of each domain for its own stage', () => {
  expect(evidenceOf(with2nd({ stage: 2 }))).toEqual({
    'domains[stadt.example].ndb.confirmedOn': '2025-03-08',
    outgoingTestPassedOn: '2025-04-01',
    forwarding: 'none',
    'domains[doppelstadt.example].connectionTestPassedOn': undefined,
  });
  const own = { stage: 4 as const, outgoingTestPassedOn: '2025-05-01' };
  expect(evidenceOf(with2nd(own))).toMatchObject({
    'domains[doppelstadt.example].ndb.confirmedOn': '2025-03-08',
    'domains[doppelstadt.example].outgoingTestPassedOn': '2025-05-01',
  });
  expect(evidenceOf(with2nd({ stage: 1 }))).toEqual(evidenceOf({ ...at(4, doppelstadt), domains: [first] }));
  expect(evidenceOf(at(0, doppelstadt))).toEqual({});
});

test('the time after an edge counts anew when its MX moves', () => {
  const settling = { since: after(0), until: after(30) };
  const held = (change: Partial<Municipality['domains'][number]>): string[] =>
    desiredState({ ...with2nd(change), settling }, platform).gate.holds.map(({ id }) => id);
  const both = ['settling:doppelstadt', 'settling:doppelstadt/mx'];
  expect(held({ stage: 4 })).toEqual(both);
  expect(held({ stage: 4, outgoingTestPassedOn: '2025-05-01' })).toEqual([
    ...both,
    'settling:doppelstadt/mx/doppelstadt.example',
  ]);
});
