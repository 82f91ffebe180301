import { describeReal } from '../requirements.js';
import type { NameResolver } from '../../../lib/provider/targets/dns/delegation.js';
import { mayPointAt, observeMx } from '../../../lib/provider/targets/dns/observe.js';
import { freePort, startKnot, zone, type NameServer } from './servers.js';

describeReal('observing an MX', { programs: ['knotd'] }, () => {
  let server: NameServer;
  beforeEach(
    async () =>
      (server = await startKnot(['@ 300 MX 20 mx2.relay.example.', '@ 300 MX 10 mx1.relay.example.'])),
  );
  afterEach(async () => server.stop());

  test('every server answers for itself, with its time, TTL and authority; a silent one counts as pointing there', async () => {
    const up = `127.0.0.1:${server.address.port}`;
    const down = `127.0.0.1:${await freePort()}`;
    const before = new Date().toISOString();
    const seen = await observeMx('musterstadt.example', [up, down]);
    expect(seen).toMatchObject([
      {
        server: up,
        outcome: 'records',
        authoritative: true,
        ttl: 300,
        records: [
          { preference: 10, exchange: 'mx1.relay.example.' },
          { preference: 20, exchange: 'mx2.relay.example.' },
        ],
      },
      { server: down, outcome: 'unknown', records: [] },
    ]);
    expect(seen[0]?.at.localeCompare(before)).toBeGreaterThanOrEqual(0);
    expect(mayPointAt(seen, ['MX2.relay.example']).map((one) => one.server)).toEqual([up, down]);
    expect(mayPointAt(seen, ['elsewhere.example']).map((one) => one.server)).toEqual([down]);
    expect(await observeMx(`absent.${zone}`, [up])).toMatchObject([
      { outcome: 'absent', authoritative: true },
    ]);
  });

  test('a zone that none of the servers holds is looked for where it is delegated to', async () => {
    const elsewhere = await startKnot(['@ 300 MX 10 mx1.relay.example.']);
    try {
      const resolver = {
        resolveNs: () => Promise.resolve(['ns.hoster.example']),
        resolve4: () => Promise.resolve([`127.0.0.1:${elsewhere.address.port}`]),
        resolve6: () => Promise.reject(new Error('none')),
      } as unknown as NameResolver;
      const up = `127.0.0.1:${server.address.port}`;
      expect(await observeMx('other.example', [up], undefined, resolver)).toMatchObject([
        { server: up, outcome: 'elsewhere' },
        { outcome: 'elsewhere' },
      ]);
      const silent = `127.0.0.1:${await freePort()}`;
      const seen = await observeMx(zone, [silent], undefined, resolver);
      expect(seen).toMatchObject([{ outcome: 'unknown' }, { outcome: 'records', authoritative: true }]);
    } finally {
      await elsewhere.stop();
    }
  });
});
