import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { StageNumber } from '../../../../lib/config/municipality.js';
import { describeReal } from '../../requirements.js';
import { Desk, rehearsalNeeds } from '../desk.js';
import { Guarded, programWithout, settlingNow } from './guarded.js';

jest.setTimeout(900_000);

const musterstadt = 'musterstadt';
const testau = 'neu-testau';

/** As before-the-mx.test.ts, for the guards of every edge and of what goes. */
describeReal('only one guard stands between a stage and lost mail', rehearsalNeeds, () => {
  let first: Guarded;
  let second: Guarded;

  beforeAll(async () => {
    const desk = await Desk.open(musterstadt, testau);
    await platformTime(desk, 'settlingTime', '1s');
    await desk.begin(musterstadt, 1);
    await desk.begin(testau, 1);
    const program = await programWithout(desk);
    first = new Guarded(desk, musterstadt, program);
    second = new Guarded(desk, testau, program);
  });
  afterAll(() => first.close());
  afterEach(async () => {
    await first.putRight();
    await second.putRight();
  });

  /** A change of the municipality's file by hand, ready to be deployed. */
  async function write(guarded: Guarded, change: (text: string) => string): Promise<void> {
    await guarded.desk.edit(guarded.id, change);
    await guarded.desk.synth(guarded.id);
    await guarded.keepNothing();
  }

  const settled = (text: string): string => text.replace(/^settling: .*\n/m, '');

  const stage =
    (to: StageNumber) =>
    (text: string): string =>
      settled(text).replace(/^stage: .*$/m, `stage: ${to}`) + (to < 2 ? '' : settlingNow(1));

  const withoutKept = (text: string): string => text.replace(/^kept:\n(?: .*\n)*/m, '');

  async function platformTime({ rehearsal }: Desk, name: string, duration: string): Promise<void> {
    const { platformFile } = rehearsal;
    const platform = await readFile(platformFile, 'utf8');
    await writeFile(platformFile, platform.replace(new RegExp(`^${name}: .*$`, 'm'), `${name}: ${duration}`));
  }

  /** Mail of a tenant ends in the relay, from where it would be sent back after days. */
  const waitsAtRelay = /^relay: .*status=deferred/;

  describe('forwards', () => {
    test('two stages at once, with the test in between left out: gate-one-step', async () => {
      await first.closed(musterstadt, 'iifname lan');
      const untested = (text: string): string => text.replace(/^connectionTestPassedOn: .*\n/m, '');
      await write(first, (text) => stage(3)(untested(text)));
      expect(await first.refusedBy()).toEqual(['gate-one-step']);
      expect(await first.arrives('tenant')).toBe(true);
      expect(await first.arrives('ndb')).toBe(true);

      await first.applyWithout('gate-one-step');
      await first.rehearsal.settled();
      expect(await first.ends({ from: 'tenant' })).toMatch(waitsAtRelay);
      expect(await first.ends({ from: 'ndb' })).toMatch(waitsAtRelay);
    });

    test('mail that the server refuses, and the time in which nothing bounces ends: gate-settled-queue', async () => {
      await first.desk.edit(musterstadt, (text) => settled(text) + settlingNow(1));
      await first.desk.apply(musterstadt);
      const filter = (value: string): Promise<void> =>
        first.postconf(musterstadt, `smtpd_end_of_data_restrictions=${value}`);
      const refusesRelay = (): Promise<void> => filter('check_client_access inline:{192.168.10.250=REJECT}');
      await first.fault(refusesRelay, () => filter(''));
      const waiting = 'wartet@musterstadt.example';
      expect(await first.ends({ from: 'tenant', recipient: waiting })).toMatch(waitsAtRelay);
      await write(first, settled);
      expect(await first.refusedOnceDue()).toEqual(['gate-settled-queue']);
      // As soon as the server is put right, the mail is there.
      await filter('');
      await first.sh('relay', 'postqueue -f');
      const arrives = new RegExp(`to=<${waiting}>.*status=sent`);
      expect(await first.fate(arrives, [musterstadt], musterstadt)).toBe('delivered');

      await refusesRelay();
      const lost = 'verloren@musterstadt.example';
      expect(await first.ends({ from: 'tenant', recipient: lost })).toMatch(waitsAtRelay);
      await first.applyWithout('gate-settled-queue');
      expect(await first.ends({ from: 'tenant' })).toMatch(/^relay: .*status=bounced .*554/);
      const bounces = new RegExp(`to=<${lost}>.*status=bounced`);
      expect(await first.fate(bounces, ['relay'], musterstadt)).toMatch(/^relay: .*554/);
    });

    test('a test of the path that will be passed one day: gate-evidence-future', async () => {
      await second.closed(testau, 'iifname lan');
      await write(second, (text) =>
        stage(2)(text.replace(/^connectionTestPassedOn: .*$/m, 'connectionTestPassedOn: 2099-01-01')),
      );
      expect(await second.refusedBy()).toEqual(['gate-evidence-future']);
      expect(await second.arrives('tenant')).toBe(true);

      await second.applyWithout('gate-evidence-future');
      expect(await second.ends({ from: 'tenant' })).toMatch(waitsAtRelay);
    });

    test('nobody asked what users forward: gate-evidence', async () => {
      await write(first, (text) => stage(4)(text.replace(/^forwarding: .*\n/m, '')));
      const forwarded = { from: musterstadt, sender: 'vorstand@verein.example', to: 'internet' };
      expect(await first.refusedBy()).toEqual(['gate-evidence']);
      expect(await first.ends(forwarded)).toBe('delivered');

      await first.applyWithout('gate-evidence');
      await first.fault(
        () => first.postconf(musterstadt, 'relayhost=[192.168.10.250]'),
        () => first.postconf(musterstadt, 'relayhost='),
      );
      expect(await first.ends(forwarded)).toMatch(/^musterstadt: .*status=bounced/);
    });
  });

  test('the relay lets go while the MX shows it again: gate-in-use', async () => {
    const { desk } = first;
    await write(first, (text) => `${text}forwarding: none\n`);
    await desk.begin(musterstadt, 3);
    await dropDue(first);
    await first.zone('musterstadt.example.', 'musterstadt.example.', 'MX', 2, '10 mx1.landesnetz.example.');
    expect(await first.refusedOnceDue('-refresh=false')).toEqual(['gate-in-use']);
    expect(await first.arrives('internet')).toBe(true);

    await first.applyWithout('gate-in-use', '-refresh=false');
    expect(await first.ends({ from: 'internet' })).toMatch(/^internet: .*status=deferred .*45\d /);
  });

  /** Takes what is kept out of the file as soon as its time is over. */
  async function dropDue({ desk, id }: Guarded): Promise<void> {
    const file = join(desk.rehearsal.municipalitiesDir, `${id}.yaml`);
    while (/^kept:/m.test(await readFile(file, 'utf8'))) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { exitCode, output } = await desk.mailversand('stage', id, '--drop-kept');
      if (exitCode !== 0) throw new Error(output);
    }
    await desk.synth(id);
  }

  describe('back from stage 2, with a tenant who knows only yesterday’s table', () => {
    beforeAll(() => platformTime(first.desk, 'senderQueueLifetime', '1h'));
    beforeEach(async () => {
      await second.desk.edit(testau, (text) =>
        stage(2)(withoutKept(text.replace('2099-01-01', '2026-01-31'))),
      );
      await second.desk.apply(testau);
      await second.desk.edit(testau, settled);
      await second.desk.apply(testau);
      const today = (await second.sh('tenant', 'postconf transport_maps')).trim();
      await second.fault(
        () => second.postconf('tenant', 'transport_maps=inline:{neu-testau.example=relay:[10.64.0.10]:25}'),
        () => second.postconf('tenant', today),
      );
    });

    test('a file with an older stage and nothing kept: gate-kept-missing', async () => {
      await write(second, stage(1));
      // Nobody has looked yet whether mail still comes by it, so that stands against it too.
      expect(await second.refusedBy()).toEqual(['gate-kept-missing', 'gate-listener-silent']);
      expect(await second.arrives('tenant')).toBe(true);

      await second.applyWithout('gate-kept-missing,gate-listener-silent');
      expect(await second.ends({ from: 'tenant' })).toMatch(waitsAtRelay);
    });

    test('an end that was brought forward by hand: gate-kept-shortened', async () => {
      await second.desk.begin(testau, 1);
      await write(second, (text) => text);
      // Past the files, whose rules (`kept-long-enough`) would say so first.
      const stack = await readFile(second.stackFile, 'utf8');
      const shortened = stack.replace(/("since": ("[^"]+"),\s*"until": )"[^"]+"/g, '$1$2');
      expect(shortened).not.toBe(stack);
      await writeFile(second.stackFile, shortened);
      expect(await second.refusedBy()).toEqual(['gate-kept-shortened']);
      expect(await second.arrives('tenant')).toBe(true);

      await second.applyWithout('gate-kept-shortened');
      // From here on nobody knows that more was promised; only that a mail has just come by it.
      await write(second, withoutKept);
      await second.applyWithout('gate-listener-silent');
      expect(await second.ends({ from: 'tenant' })).toMatch(waitsAtRelay);
    });

    test('an entry of kept that is taken out too early: gate-kept', async () => {
      await second.desk.begin(testau, 1);
      await write(second, withoutKept);
      // How long ago the tenant's last mail came depends on the machine, and with it whether that is noticed too.
      const rules = await second.refusedBy();
      expect(rules.filter((rule) => rule !== 'gate-listener-silent')).toEqual(['gate-kept']);
      expect(await second.arrives('tenant')).toBe(true);

      // The mail that has just come would be noticed now.
      await second.applyWithout('gate-kept,gate-listener-silent');
      expect(await second.ends({ from: 'tenant' })).toMatch(waitsAtRelay);
    });

    test('a stack that is destroyed: gate-destroy', async () => {
      expect(await second.refusedBy('-destroy')).toEqual(['gate-destroy']);
      expect(await second.arrives('tenant')).toBe(true);

      await second.applyWithout('gate-destroy', '-destroy');
      expect(await second.ends({ from: 'tenant' })).toMatch(waitsAtRelay);
    });
  });

  test('an edge that died on its way, and a file that goes back past it: gate-unfinished-edge', async () => {
    await second.desk.edit(testau, (text) => stage(1)(withoutKept(text)));
    await second.desk.apply(testau);
    await write(second, stage(2));
    const announced = /landesnetz_relay_acceptance\S+: Creation complete/;
    await second.desk.killEngine(testau, announced, 'apply', '-auto-approve', '-input=false', '-no-color');
    await write(second, stage(0));
    expect(await second.refusedBy()).toEqual(['gate-unfinished-edge']);
    expect(await second.arrives('tenant')).toBe(true);

    // Tenants are still told to send to the relay, which still has the route: through a gateway that is closed.
    await second.applyWithout('gate-unfinished-edge');
    expect(await second.ends({ from: 'tenant' })).toMatch(waitsAtRelay);
  });
});
