import type { HosterRow } from '../../lib/migration/hoster-sheet.js';
import { at, doppelstadt } from './examples.js';
import { atHoster, own, records, relay, row, says, silent } from './hoster-rows.js';

describe('what a hoster writes', () => {
  test('is what the stage asks for in its zones, and nothing of other zones', () => {
    expect(records(at(4, doppelstadt)).map(({ domain, type }) => `${type} ${domain}`)).toEqual([
      'MX doppelstadt.example',
    ]);
    expect(records(at(0, atHoster))).toEqual([]);
  });

  test('names the relay only once the way out is tested', () => {
    const untested = { ...atHoster, outgoingTestPassedOn: undefined };
    expect(records(at(4, untested)).map(({ data }) => data[0])).toEqual([
      own,
      'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx ip4:198.51.100.25 -all',
    ]);
    expect(records(at(4, atHoster))[0]).toMatchObject({ data: [relay], ttl: 60, towardsRelay: true });
  });
});

describe('how far the hoster is', () => {
  test('a TTL below the instructed one is no difference, one above it is', () => {
    expect(row(at(4, atHoster), 0, says('a', 30, relay)).state).toBe('done');
    expect(row(at(4, atHoster), 0, says('a', 61, relay)).state).toBe('ttl');
  });

  test.each<[string, HosterRow]>([
    ['done', row(at(4, atHoster), 0, says('a', 60, relay), says('b', 60, relay))],
    ['change', row(at(4, atHoster), 0, says('a', 60, relay), says('b', 60, own))],
    ['ttl', row(at(4, atHoster), 0, says('a', 3600, relay))],
    ['ttl', row(at(4, atHoster), 0, says('a', 3600, relay), silent('b'))],
    ['change', row(at(4, atHoster), 0, says('a', 3600, relay), says('b', 60, own))],
    ['change', row(at(4, atHoster), 0, silent('a'), says('b', 60))],
    ['unknown', row(at(4, atHoster), 0, says('a', 60, relay), silent('b'))],
    ['unknown', row(at(4, atHoster), 0)],
    ['early', row(at(3, atHoster), 0, says('a', 60, own), says('b', 60, relay))],
  ])('%s', (state, { state: found }) => {
    expect(found).toBe(state);
  });
});

describe('what somebody has added at the hoster', () => {
  const spf = 'v=spf1 mx ip4:198.51.100.25 -all';
  const withRelay = spf.replace('v=spf1', 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example');
  const relaySpelled = {
    ...atHoster,
    domains: atHoster.domains.map((domain) => ({
      ...domain,
      spf: { ttl: 3600, value: spf.replace('v=spf1', 'v=spf1 +ip4:203.0.113.10') },
    })),
  };
  const withoutSpf = {
    ...atHoster,
    domains: atHoster.domains.map(({ name, zone, writer, mx }) => ({ name, zone, writer, mx })),
  };
  const newsletter = 'v=spf1 mx ip4:198.51.100.25 include:newsletter.example -all';

  test.each<[string, HosterRow, string[]]>([
    ['change', row(at(4, atHoster), 1, says('a', 60, spf)), []],
    ['foreign', row(at(4, atHoster), 1, says('a', 60, newsletter)), ['include:newsletter.example']],
    ['foreign', row(at(4, atHoster), 1, says('a', 60, spf.replace('-all', '~all'))), ['~all']],
    [
      'foreign',
      row(at(4, atHoster), 0, says('a', 60, own), says('b', 60, '20 backup.example.')),
      ['backup.example.'],
    ],
    ['change', row(at(1, atHoster), 1, says('a', 60, withRelay)), []],
    [
      'change',
      row(at(4, relaySpelled), 1, says('a', 60, spf.replace('v=spf1', 'v=spf1 ip4:203.0.113.10'))),
      [],
    ],
    ['change', row(at(4, withoutSpf), 0, says('a', 60, own)), []],
    ['early', row(at(3, atHoster), 0, says('a', 60, relay, '20 backup.example.')), ['backup.example.']],
  ])('%s', (state, found, foreign) => {
    expect(found).toMatchObject({ state, foreign });
  });
});
