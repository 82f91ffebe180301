import { mxMoves } from '../../lib/migration/moves.js';
import { testDigest } from '../../lib/migration/test-digest.js';
import { at, doppelstadt, musterstadt, platform } from './examples.js';

const first = (m = musterstadt) => mxMoves(m, platform)[0];

test('the gate learns of each domain where its MX points, where it may come from, and which times count', () => {
  expect(first(at(3))).toEqual({
    domain: 'musterstadt.example',
    relay: 'relay1',
    towards: 'municipality',
    to: 'mail.musterstadt.example',
    from: 'mx1.relay.example',
    loweredTtl: 60,
    mxTtl: 3600,
    spfTtl: 3600,
    spf: 'ip4:203.0.113.10',
    spfWritten: 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx ip4:198.51.100.25 -all',
    tested: '',
  });
});

test('towards the relay only with the deploy that moves the MX', () => {
  expect(first(at(4, { ...musterstadt, outgoingTestPassedOn: undefined }))?.towards).toBe('municipality');
  expect(first(at(4))).toMatchObject({
    towards: 'relay',
    to: 'mx1.relay.example',
    from: 'mail.musterstadt.example',
    tested: testDigest(at(4), platform),
  });
});

test('every domain, whoever writes its zone, sorted; without SPF there is nothing that could age', () => {
  const moves = mxMoves(at(3, doppelstadt), platform);
  expect(moves.map(({ domain, spfTtl }) => [domain, spfTtl])).toEqual([
    ['doppelstadt.example', 0],
    ['stadt.example', 3600],
  ]);
  expect(moves[0]?.to).toBe('b.doppelstadt.example a.doppelstadt.example');
});

test('before stage 1 none is declared', () => {
  expect(mxMoves(at(0), platform)).toEqual([]);
});

test('a hoster that cannot lower the TTL may move with the one that is declared', () => {
  const ttls = mxMoves(at(3, doppelstadt), platform).map(({ domain, loweredTtl }) => [domain, loweredTtl]);
  const { writer, mx } = doppelstadt.domains.find(({ name }) => name === 'doppelstadt.example') ?? {};
  expect(writer).toBe('hoster');
  expect(ttls).toEqual([
    ['doppelstadt.example', mx?.ttl],
    ['stadt.example', 60],
  ]);
});

test('the SPF record that a deploy writes is known to the gate; at a hoster, or without one, it writes none', () => {
  const own = doppelstadt.domains.map((domain) => ({ ...domain, spf: { ttl: 60, value: 'v=spf1 mx -all' } }));
  const written = mxMoves(at(4, { ...doppelstadt, domains: own }), platform).map((move) => move.spfWritten);
  expect(written).toEqual(['', 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx -all']);
  const without = musterstadt.domains.map((domain) => ({ ...domain, spf: undefined }));
  expect(first(at(4, { ...musterstadt, domains: without }))?.spfWritten).toBe('');
});
