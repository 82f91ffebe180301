import { jest } from '@jest/globals';
import { describeReal } from '../../requirements.js';
import { rehearsalNeeds } from '../desk.js';
import { enforcedPolicy } from './mta-sts.js';
import { namesAndCaches, receiverChecksSpf } from './names.js';
import { domain, id, Ready } from './ready.js';

jest.setTimeout(900_000);

const needs = {
  root: true,
  programs: [...rehearsalNeeds.programs, 'named', 'policyd-spf', 'python3', 'openssl'],
} as const;

/**
 * Each fault is one that the deploy itself does not put right, and against which one guard stands alone: with it the
 * deploy is refused, by this rule and no other; without it the same deploy goes through, and a real mail is lost.
 */
describeReal('only one guard stands between a moving MX and lost mail', needs, () => {
  let ready: Ready;

  beforeAll(async () => {
    ready = await Ready.prepare();
    await receiverChecksSpf(ready);
  });
  afterAll(() => ready.close());
  beforeEach(() => ready.begin());
  afterEach(() => ready.end());

  const transport = 'lmdb:/var/lib/mailversand-relay/transport';

  test('a relay that is closed to the Internet: gate-relay-accepts', async () => {
    await ready.closed('relay', 'ip daddr 203.0.113.10');
    expect(await ready.refusedBy()).toEqual(['gate-relay-accepts']);
    expect(await ready.arrives('internet')).toBe(true);

    await ready.applyWithout('gate-relay-accepts');
    expect(await ready.mxIsAt('relay')).toBe(true);
    expect(await ready.ends({ from: 'internet' })).toMatch(
      /^internet: .*status=deferred .*Connection refused/,
    );
  });

  test('a route that somebody removed by hand, and a plan that does not look: gate-relay-routes', async () => {
    await ready.refresh();
    const route = (await ready.rehearsal.must('relay', ['postmap', '-q', domain, transport])).trim();
    await ready.fault(
      () => ready.rehearsal.must('relay', ['postmap', '-d', domain, transport]),
      () => ready.rehearsal.must('relay', ['postmap', '-ri', transport], `${domain} ${route}\n`),
    );
    expect(await ready.refusedBy('-refresh=false')).toEqual(['gate-relay-routes']);
    expect(await ready.arrives('internet')).toBe(true);

    await ready.applyWithout('gate-relay-routes', '-refresh=false');
    // The relay takes it, looks the MX up, sends it to itself until there are too many hops, and bounces it.
    expect(await ready.ends({ from: 'internet' })).toMatch(/^relay: .*dsn=5\.4\.\d.*status=bounced/);
  });

  test('a server that refuses unknown recipients only when it has the mail: gate-recipients', async () => {
    const boxes = (await ready.sh(id, 'postconf -h virtual_mailbox_maps')).trim();
    const refusesLate = 'check_recipient_access regexp:{{/^unbekannt-/ REJECT unknown}}';
    await ready.fault(
      () =>
        ready.postconf(
          id,
          `virtual_mailbox_maps=${boxes.replace(/, .*/s, '')}, static:all/`,
          `smtpd_end_of_data_restrictions=${refusesLate}`,
        ),
      () => ready.postconf(id, `virtual_mailbox_maps=${boxes}`, 'smtpd_end_of_data_restrictions='),
    );
    const forged = { from: 'internet', sender: 'nie-gesendet@absender.example' };
    expect(await ready.refusedBy()).toEqual(['gate-recipients']);
    // The sender's own server learns it, and nobody else gets a mail about it.
    const refused = await ready.ends({ ...forged, recipient: `unbekannt-1@${domain}` });
    expect(refused).toMatch(/^internet: .*relay=mail\.musterstadt\.example.*status=bounced/);

    await ready.applyWithout('gate-recipients');
    const owed = await ready.ends({ ...forged, recipient: `unbekannt-2@${domain}` });
    expect(owed).toMatch(/^relay: .*status=bounced/);
    // The relay sends a bounce to somebody who has never sent anything.
    const backscatter = /to=<nie-gesendet@absender\.example>.*relay=mail\.absender\.example.*status=sent/;
    expect(await ready.fate(backscatter, ['relay'], 'relay')).toBe('delivered');
  });

  test('a server that takes nothing from the relay’s address, and was not tested: gate-connection-test', async () => {
    const filter = (value: string): Promise<void> =>
      ready.postconf(id, `smtpd_end_of_data_restrictions=${value}`);
    await ready.fault(
      () => filter('check_client_access inline:{192.168.10.250=REJECT}'),
      () => filter(''),
    );
    await ready.forget(`tests ${id},anbindungstest`);
    expect(await ready.refusedBy()).toEqual(['gate-connection-test']);
    expect(await ready.arrives('internet')).toBe(true);

    await ready.applyWithout('gate-connection-test');
    expect(await ready.ends({ from: 'internet' })).toMatch(/^relay: .*status=bounced/);
  });

  test('a relay that cannot send outwards, which was not tried: gate-outgoing-test', async () => {
    await ready.fault(
      () =>
        ready.sh(
          'relay',
          "nft add table ip mute; nft 'add chain ip mute out { type filter hook output priority 0 ; }'; nft add rule ip mute out ip daddr 203.0.113.80 tcp dport 25 reject with tcp reset",
        ),
      () => ready.sh('relay', 'nft delete table ip mute'),
    );
    await ready.forget(`tests ${id},ausgehend`);
    expect(await ready.refusedBy()).toEqual(['gate-outgoing-test']);
    expect(await ready.arrives(id, 'internet')).toBe(true);

    await ready.applyWithout('gate-outgoing-test');
    await ready.fault(
      () => ready.rehearsal.municipalityOutgoing(id, 'relay'),
      () => ready.rehearsal.municipalityOutgoing(id, 'direct'),
    );
    expect(await ready.ends({ from: id, to: 'internet' })).toMatch(/^relay: .*status=deferred/);
  });

  test('mail that waits because the municipality takes none from the relay: gate-queue', async () => {
    await ready.closed(id, 'iifname lan');
    for (let mail = 0; mail < 2; mail += 1)
      expect(await ready.ends({ from: 'tenant' })).toMatch(/^relay: .*status=deferred/);
    expect(await ready.refusedBy()).toEqual(['gate-queue']);
    expect(await ready.arrives('internet')).toBe(true);

    await ready.applyWithout('gate-queue');
    expect(await ready.ends({ from: 'internet' })).toMatch(/status=deferred/);
  });

  test('an old server that is dead, so that there is no way back when the relay fails: gate-old-path', async () => {
    await ready.closed(id, 'iifname world');
    expect(await ready.refusedBy()).toEqual(['gate-old-path']);

    await ready.applyWithout('gate-old-path');
    await ready.closed('relay', 'ip daddr 203.0.113.10');
    expect(await ready.ends({ from: 'internet' })).toMatch(/^internet: .*status=deferred/);
    await ready.asks('back');
    expect(await ready.refusedOnceDue()).toEqual(['gate-way-back']);
  });

  test('an MX that goes back to a dead server: gate-way-back', async () => {
    expect((await ready.apply()).exitCode).toBe(0);
    await ready.closed(id, 'iifname world');
    await ready.asks('back');
    expect(await ready.refusedOnceDue()).toEqual(['gate-way-back']);
    expect(await ready.arrives('internet')).toBe(true);

    await ready.applyWithout('gate-way-back');
    expect(await ready.mxIsAt('municipality')).toBe(true);
    expect(await ready.ends({ from: 'internet' })).toMatch(
      /^internet: .*status=deferred .*Connection refused/,
    );
  });

  test('a server that nobody has seen refuse, and nothing is kept: gate-settling', async () => {
    const filter = (value: string): Promise<void> =>
      ready.postconf(id, `smtpd_end_of_data_restrictions=${value}`);
    await ready.fault(
      () => filter('check_client_access inline:{192.168.10.250=REJECT}'),
      () => filter(''),
    );
    await ready.asks('forwardsUnkept');
    expect(await ready.refusedBy()).toEqual(['gate-settling']);
    expect(await ready.arrives('internet')).toBe(true);

    await ready.applyWithout('gate-settling');
    expect(await ready.ends({ from: 'internet' })).toMatch(/^relay: .*status=bounced .*554/);
  });

  namesAndCaches(() => ready);

  enforcedPolicy(() => ready);
});
