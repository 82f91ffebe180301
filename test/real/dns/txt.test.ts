import { describeReal } from '../requirements.js';
import { readRecordSet } from '../../../lib/provider/targets/dns/record-set.js';
import { sendUpdate } from '../../../lib/provider/targets/dns/update.js';
import { txtData } from '../../../lib/provider/targets/dns/rdata.js';
import { textOf } from '../../../lib/provider/dns/txt.js';
import type { ValueObject } from '../../../lib/provider/served.js';
import { engineCalls, txtConfig, type EngineCalls } from './engine-calls.js';
import { startKnot, zone, type NameServer } from './servers.js';

const spf = 'v=spf1 mx -all';
const withRelay = 'v=spf1 mx ip4:203.0.113.10 -all';
const token = 'site-verification="abc; def"';

describeReal('dns_txt_record_set', { programs: ['knotd', 'nsupdate'] }, () => {
  let server: NameServer;
  let calls: EngineCalls;
  beforeEach(async () => {
    server = await startKnot([`@ 3600 TXT "${spf}"`]);
    calls = await engineCalls(server, 'dns_txt_record_set');
  });
  afterEach(async () => server.stop());

  const live = async (): Promise<string[]> =>
    ((await readRecordSet(server.address, zone, 'TXT'))?.data ?? []).map(textOf).sort();
  /** What somebody else does to the set, by hand. */
  const byHand = async (...texts: string[]): Promise<void> => {
    const expected = await readRecordSet(server.address, zone, 'TXT');
    const wanted = { ttl: 3600, data: texts.map(txtData) };
    await sendUpdate(server.address, { zone, name: zone, type: 'TXT', expected, wanted });
  };
  const adopted = async (): Promise<ValueObject> => {
    const { state, errors } = await calls.deploy(null, txtConfig(3600, spf));
    expect(errors).toEqual([]);
    return state as ValueObject;
  };

  test('an SPF record that is live is adopted beside texts of others, which are shown and not in the state', async () => {
    await byHand(spf, token);
    const { state, errors, warnings, text } = await calls.deploy(null, txtConfig(3600, spf));
    expect({ errors, warnings }).toEqual({ errors: [], warnings: ['dns-undeclared'] });
    expect(text).toContain(JSON.stringify(token));
    expect(state).toEqual({ id: zone, ...txtConfig(3600, spf) });
    expect(await live()).toEqual([token, spf].sort());
  });

  test('a verification token added by hand survives every change and the way back, and blocks none', async () => {
    let state = await adopted();
    await byHand(spf, token);
    for (const config of [txtConfig(3600, withRelay), txtConfig(300, withRelay), txtConfig(3600, spf)]) {
      const refreshed = await calls.refresh(state);
      expect(refreshed).toMatchObject({ state, errors: [], warnings: ['dns-undeclared'] });
      const done = await calls.deploy(refreshed.state, config);
      expect(done.errors).toEqual([]);
      state = done.state as ValueObject;
      expect(await live()).toContain(token);
    }
    expect(await live()).toEqual([token, spf].sort());
  });

  test('a token added between plan and apply survives too', async () => {
    const state = await adopted();
    const planned = await calls.plan(state, txtConfig(3600, withRelay));
    await byHand(spf, token);
    expect((await planned.later()).errors).toEqual([]);
    expect(await live()).toEqual([token, withRelay].sort());
  });

  test('an SPF record edited between plan and apply is refused and stays', async () => {
    const state = await adopted();
    const planned = await calls.plan(state, txtConfig(3600, withRelay));
    await byHand('v=spf1 a -all');
    expect((await planned.later()).errors).toEqual(['conflict']);
    expect(await live()).toEqual(['v=spf1 a -all']);
  });

  test('an SPF record edited before the plan is drift, not a stranger: the next deploy corrects it', async () => {
    const state = await adopted();
    await byHand('v=spf1 a -all', token);
    const drifted = await calls.refresh(state);
    expect(drifted.state).toEqual({ id: zone, ...txtConfig(3600, 'v=spf1 a -all') });
    expect((await calls.deploy(drifted.state, txtConfig(3600, spf))).errors).toEqual([]);
    expect(await live()).toEqual([token, spf].sort());
  });

  test('a second SPF record is never written over: warned of in every plan, an error of its own set in the apply', async () => {
    const state = await adopted();
    const both = [spf, 'v=spf1 a -all'].sort();
    await byHand(...both);
    const refreshed = await calls.refresh(state);
    expect(refreshed).toMatchObject({ state, errors: [], warnings: ['dns-undeclared'] });
    // An unchanged set stays out of the way of everything else in the plan.
    expect(await calls.plan(state, txtConfig(3600, spf))).toMatchObject({
      errors: [],
      warnings: ['dns-spf'],
    });
    const changing = await calls.plan(state, txtConfig(3600, withRelay));
    expect(changing).toMatchObject({ errors: [], warnings: ['dns-spf'] });
    expect(await changing.later()).toMatchObject({ state, errors: ['dns-spf'] });
    expect((await calls.plan(null, txtConfig(3600, spf))).errors).toEqual(['dns-spf']);
    expect((await calls.destroy(state)).errors).toEqual([]);
    expect(await live()).toEqual(both);
  });

  test('a different SPF record is not overwritten by a create', async () => {
    const { errors, text } = await calls.deploy(null, txtConfig(3600, withRelay));
    expect(errors).toEqual(['dns-differs']);
    expect(text).toContain(spf);
    expect(await live()).toEqual([spf]);
  });

  test('one that is live without the relay is adopted with it, which the plan says; its TTL must be the live one', async () => {
    await byHand(spf, token);
    const beside = 'v=spf1 ip4:203.0.113.10 mx -all';
    expect((await calls.plan(null, txtConfig(300, beside))).errors).toEqual(['dns-differs']);
    const planned = await calls.plan(null, txtConfig(3600, beside));
    expect(planned).toMatchObject({ errors: [], warnings: ['dns-undeclared', 'dns-added'] });
    expect(planned.text).toContain('gets ip4:203.0.113.10 added');
    expect(await live()).toEqual([token, spf].sort());
    const { state, errors } = await planned.later();
    expect(errors).toEqual([]);
    expect(await live()).toEqual([token, beside].sort());
    expect(await calls.plan(state, txtConfig(3600, beside))).toMatchObject({ errors: [], warnings: [] });
  });

  test('where there is none yet it is added beside what others wrote', async () => {
    await byHand(token);
    expect((await calls.deploy(null, txtConfig(300, spf))).errors).toEqual(['dns-differs']);
    expect((await calls.deploy(null, txtConfig(3600, spf))).errors).toEqual([]);
    expect(await live()).toEqual([token, spf].sort());
  });

  test('a text that somebody removed is gone from the state, the others are not taken for it', async () => {
    const state = await adopted();
    await byHand(token);
    expect((await calls.refresh(state)).state).toBeNull();
  });

  test('an import takes the SPF record and nothing else', async () => {
    await byHand(spf, token);
    expect((await calls.import(zone)).state).toEqual({ id: zone, ...txtConfig(3600, spf) });
    await byHand(token);
    expect((await calls.import(zone)).errors).toEqual(['dns-absent']);
  });
});
