import { mxRecordSets, spfRecordSets } from '../../lib/migration/dns.js';
import { after, at, doppelstadt, musterstadt, platform } from './examples.js';

const untested = { ...musterstadt, outgoingTestPassedOn: undefined };
const hosts = (m = musterstadt) =>
  mxRecordSets(m, platform).flatMap(({ records }) => records.map(({ host }) => host));

describe('the MX', () => {
  test('is adopted unchanged at stage 1, its records sorted by preference', () => {
    const [, hoster] = mxRecordSets(at(1, doppelstadt), platform);
    expect(hoster?.ttl).toBe(86400);
    expect(hoster?.records.map(({ preference }) => preference)).toEqual([10, 20]);
  });

  test('has a lower TTL from stage 3 on, and an even lower one stays', () => {
    expect(mxRecordSets(at(3), platform)[0]?.ttl).toBe(60);
    expect(mxRecordSets(at(3), { ...platform, loweredMxTtl: 7200 })[0]?.ttl).toBe(3600);
    expect(mxRecordSets(at(4), { ...platform, loweredMxTtl: 7200 })[0]?.ttl).toBe(300);
  });

  test('is released at stage 0, also while something is kept: going back to stage 3 has restored it', () => {
    const kept = [{ stage: 2 as const, since: after(0), until: after(100) }];
    expect(mxRecordSets({ ...at(0), kept }, platform)).toEqual([]);
  });

  test('moves at stage 4 when the outgoing path was tested by a real mail, not before', () => {
    expect(hosts(at(4, untested))).toEqual(['mail.musterstadt.example']);
    expect(hosts(at(4))).toEqual(['mx1.relay.example']);
    expect(hosts(at(3))).toEqual(['mail.musterstadt.example']);
  });
});

describe('the SPF string', () => {
  const kept = (stage: 1 | 2 | 3 | 4) => [{ stage, since: after(0), until: after(100) }];
  const values = (m = musterstadt) => spfRecordSets(m, platform).map(({ value }) => value);
  const old = 'v=spf1 mx ip4:198.51.100.25 -all';
  const both = 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx ip4:198.51.100.25 -all';

  test('is adopted unchanged, and lists the relay from stage 3 on', () => {
    expect([values(at(0)), values(at(1)), values(at(2)), values(at(3)), values(at(4))]).toEqual([
      [],
      [old],
      [old],
      [both],
      [both],
    ]);
  });

  test('lists the relay while stage 3 is kept', () => {
    expect(values({ ...at(2), kept: kept(3) })).toEqual([both]);
    expect(values({ ...at(0), kept: kept(3) })).toEqual([both]);
  });

  test('is written without the relay while anything less is kept at stage 0, before it is released', () => {
    expect(values({ ...at(0), kept: kept(2) })).toEqual([old]);
  });

  test('of partial routing lists the relay only while the outgoing mail of former complete routing is kept', () => {
    const partial = { ...at(3), routing: 'teilweise' as const };
    expect(values(partial)).toEqual([old]);
    expect(values({ ...partial, kept: kept(4) })).toEqual([both]);
  });

  test('is not invented where there was none', () => {
    const domains = musterstadt.domains.map((domain) => ({ ...domain, spf: undefined }));
    expect(spfRecordSets(at(4, { ...musterstadt, domains }), platform)).toEqual([]);
  });
});
