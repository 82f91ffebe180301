import { describeReal } from '../requirements.js';
import { readRecordSet } from '../../../lib/provider/targets/dns/record-set.js';
import { sendUpdate } from '../../../lib/provider/targets/dns/update.js';
import type { RecordSet } from '../../../lib/provider/targets/dns/rdata.js';
import type { ValueObject } from '../../../lib/provider/served.js';
import { engineCalls, mxConfig, type EngineCalls } from './engine-calls.js';
import { sampleMx } from './sampler.js';
import { freePort, startKnot, zone, type NameServer } from './servers.js';

const old = `mail.${zone}`;
const relay = 'mx1.relay.example.';
const mx = (ttl: number, ...exchanges: string[]): RecordSet => ({
  ttl,
  data: exchanges.map((exchange) => ({ type: 'MX', preference: 10, exchange })),
});

describeReal('dns_mx_record_set', { programs: ['knotd', 'nsupdate'] }, () => {
  let server: NameServer;
  let calls: EngineCalls;
  beforeEach(async () => {
    server = await startKnot(['@ 3600 MX 10 mail', 'sub 60 MX 10 mx1.relay.example.']);
    calls = await engineCalls(server, 'dns_mx_record_set');
  });
  afterEach(async () => server.stop());
  const live = (): Promise<RecordSet | undefined> => readRecordSet(server.address, zone, 'MX');
  const edit = (expected: RecordSet, wanted: RecordSet): Promise<void> =>
    sendUpdate(server.address, { zone, name: zone, type: 'MX', expected, wanted });
  const adopted = async (): Promise<ValueObject> => {
    const { state, errors } = await calls.deploy(null, mxConfig(3600, old));
    expect(errors).toEqual([]);
    return state as ValueObject;
  };

  test('a live set that is equal, TTL included, is adopted without a write, and without a key', async () => {
    const keyless = await engineCalls(server, 'dns_mx_record_set', {}, {});
    const { state, errors, warnings } = await keyless.deploy(
      null,
      mxConfig(3600, 'MAIL.Musterstadt.example.'),
    );
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    // The user's spelling stays: the engine compares what was applied with what was planned.
    expect(state).toEqual({ id: zone, ...mxConfig(3600, 'MAIL.Musterstadt.example.') });
    expect(await keyless.refresh(state as ValueObject)).toMatchObject({ state, errors: [] });
    expect(await live()).toEqual(mx(3600, old));
  });

  test('without a declared TTL it is 3600, as in the original', async () => {
    expect((await calls.deploy(null, mxConfig(null, old))).state).toMatchObject({ ttl: 3600 });
  });

  test.each([
    ['exchange', mxConfig(3600, relay)],
    ['TTL', mxConfig(300, old)],
    ['number of records', mxConfig(3600, old, relay)],
  ])('a live set with another %s is refused at plan time, live and wanted shown', async (_what, config) => {
    const { errors, text, state } = await calls.deploy(null, config);
    expect(errors).toEqual(['dns-differs']);
    expect(text).toMatch(/live is 10 mail\.musterstadt\.example\. with TTL 3600, wanted is 10 /);
    expect(state).toBeNull();
    expect(await live()).toEqual(mx(3600, old));
  });

  test('an absent set is created, but not over one that appeared after the plan', async () => {
    const empty = await startKnot([]);
    try {
      const there = await engineCalls(empty, 'dns_mx_record_set');
      const planned = await there.plan(null, mxConfig(300, relay));
      expect((await there.deploy(null, mxConfig(60, old))).errors).toEqual([]);
      expect((await planned.later()).errors).toEqual(['dns-differs']);
      expect(await readRecordSet(empty.address, zone, 'MX')).toEqual(mx(60, old));
    } finally {
      await empty.stop();
    }
  });

  test('TTL lowered, exchange moved, moved back, TTL raised: in place, never an empty answer', async () => {
    let state = await adopted();
    const sampler = sampleMx(server.address.port, zone);
    try {
      for (let round = 0; round < 5; round++)
        for (const config of [
          mxConfig(60, old),
          mxConfig(60, relay),
          mxConfig(60, old),
          mxConfig(3600, old),
        ]) {
          const done = await calls.deploy(state, config);
          expect(done.errors).toEqual([]);
          state = done.state as ValueObject;
        }
    } finally {
      await sampler.stop();
    }
    expect(sampler.samples.answers).toBeGreaterThan(1000);
    expect(sampler.samples.empty).toBe(0);
    expect(await live()).toEqual(mx(3600, old));
  }, 60_000);

  test.each([
    ['exchange', mx(3600, `hand.${zone}`)],
    ['TTL', mx(7200, old)],
  ])('a hand edit of the %s between plan and apply is refused and stays', async (_what, edited) => {
    const state = await adopted();
    const planned = await calls.plan(state, mxConfig(60, old));
    await edit(mx(3600, old), edited);
    const done = await planned.later();
    expect(done.errors).toEqual(['conflict']);
    expect(done.state).toEqual(state);
    expect(await live()).toEqual(edited);
  });

  test('a hand edit before the plan is read as drift and corrected by the next deploy', async () => {
    const state = await adopted();
    await edit(mx(3600, old), mx(7200, `hand.${zone}`));
    const drifted = await calls.refresh(state);
    expect(drifted.state).toEqual({ id: zone, ...mxConfig(7200, `hand.${zone}`) });
    expect((await calls.deploy(drifted.state, mxConfig(3600, old))).errors).toEqual([]);
    expect(await live()).toEqual(mx(3600, old));
  });

  test('an apply that was cut off after its write is finished by the next one', async () => {
    const state = await adopted();
    await edit(mx(3600, old), mx(60, relay));
    expect((await calls.deploy(state, mxConfig(60, relay))).errors).toEqual([]);
  });

  test('a destroy, also one of a name that is declared anew, only releases', async () => {
    const state = await adopted();
    expect(await calls.destroy(state)).toEqual({ state: null, errors: [], warnings: [], text: '' });
    expect(await live()).toEqual(mx(3600, old));
  });

  test('a set that is gone is told from a server that is gone', async () => {
    const state = await adopted();
    const elsewhere = await calls.refresh({ ...state, name: 'absent' });
    expect(elsewhere).toMatchObject({ state: null, errors: [] });
    const down = await engineCalls(server, 'dns_mx_record_set', { port: await freePort() });
    expect(await down.refresh(state)).toMatchObject({ state, errors: ['unreachable'] });
    expect((await down.deploy(null, mxConfig(60, old))).errors).toEqual(['unreachable']);
    // Releasing needs no server.
    expect((await down.destroy(state)).errors).toEqual([]);
  });

  test('a zone that the server does not hold is named', async () => {
    const { errors, text } = await calls.deploy(null, { ...mxConfig(60, old), zone: 'elsewhere.example.' });
    expect(errors).toEqual(['dns-zone']);
    expect(text).toContain('elsewhere.example.');
  });

  test('a key that is missing is said while planning, a wrong one by the apply', async () => {
    const keyless = await engineCalls(server, 'dns_mx_record_set', {}, {});
    const state = await adopted();
    const { errors, text } = await keyless.plan(state, mxConfig(60, old));
    expect(errors).toEqual(['dns-key']);
    expect(text).toContain('musterstadt.example.key');
    const wrong = await engineCalls(server, 'dns_mx_record_set', { key_name: 'unknown.' });
    expect((await wrong.deploy(state, mxConfig(60, old))).errors).toEqual(['dns-key']);
    expect(await live()).toEqual(mx(3600, old));
  });

  test('a name outside what the key may write is refused', async () => {
    const config = { ...mxConfig(60, relay), name: 'elsewhere' };
    expect((await calls.deploy(null, config)).errors).toEqual(['dns-key']);
    // An MX at a name that is no host's is refused before anybody is asked.
    expect((await calls.deploy(null, { ...config, name: '_mta-sts' })).errors).toEqual(['dns-name']);
  });

  test('an import takes the fully qualified name and finds the zone', async () => {
    const { state, errors } = await calls.import(zone);
    expect(errors).toEqual([]);
    expect(state).toEqual({ id: zone, ...mxConfig(3600, old) });
    const inside = { ...mxConfig(60, relay), name: 'sub' };
    expect((await calls.import(`sub.${zone}`)).state).toEqual({ id: `sub.${zone}`, ...inside });
    expect((await calls.import('musterstadt.example')).errors).toEqual(['dns-name']);
    expect((await calls.import('elsewhere.example.')).errors).toEqual(['dns-zone']);
    expect((await calls.import(`ns.${zone}`)).errors).toEqual(['dns-absent']);
  });
});
