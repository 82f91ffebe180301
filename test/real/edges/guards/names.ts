import { reload, type Guarded } from './guarded.js';
import { id, spf, zone, type Ready } from './ready.js';

/** Guards that look at what the name servers show, each with a sender or receiver that believes it. */
export function namesAndCaches(ready: () => Ready): void {
  const show = (value: string, ttl = 5): Promise<void> => {
    // A string of a TXT record has at most 255 bytes.
    const strings = (value.match(/.{1,200}/g) ?? []).map((part) => `"${part}"`);
    return ready().zone(zone, zone, 'TXT', ttl, strings.join(' '));
  };
  const showSpf = (value: string, ttl = 5): Promise<void> =>
    ready().fault(
      () => show(value, ttl),
      () => show(spf),
    );

  /** The municipality's own people send their mail through the relay, as they were asked to once its MX had moved. */
  const sendsByRelay = (): Promise<void> =>
    ready().fault(
      () => ready().rehearsal.municipalityOutgoing(id, 'relay'),
      () => ready().rehearsal.municipalityOutgoing(id, 'direct'),
    );

  const refusedBySpf = /^(relay|musterstadt): .*status=bounced .*550 5\.7\.\d+ .*SPF/;

  test('an SPF record without the relay, and a plan that does not look: gate-spf-lists-relay', async () => {
    await ready().refresh();
    await showSpf('v=spf1 ip4:198.51.100.25 -all');
    await ready().observe('--wait', '60s');
    expect(await ready().refusedBy('-refresh=false')).toEqual(['gate-spf-lists-relay']);
    expect(await ready().arrives(id, 'internet')).toBe(true);

    await ready().applyWithout('gate-spf-lists-relay', '-refresh=false');
    await sendsByRelay();
    expect(await ready().ends({ from: id, to: 'internet' })).toMatch(refusedBySpf);
  });

  test('an SPF record that lists the old server by its mx alone, and a plan that does not look', async () => {
    await ready().refresh();
    const record = 'v=spf1 ip4:203.0.113.10 mx -all';
    await showSpf(record);
    await ready().asksForSpf(record);
    await ready().observe('--wait', '60s');
    const { exitCode, output } = await ready().apply('-refresh=false');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/without a:mail\.musterstadt\.example/);
    expect(await ready().arrives(id, 'internet')).toBe(true);

    // Its people send from the old server as before.
    await ready().applyWithout('gate-spf-lists-relay', '-refresh=false');
    expect(await ready().ends({ from: id, to: 'internet' })).toMatch(refusedBySpf);
  });

  test('an SPF record that takes more look-ups than a receiver makes: gate-spf-limits', async () => {
    await ready().refresh();
    await ready().zone('.', '*.viele.example.', 'TXT', 60, '"v=spf1 ip4:192.0.2.1 -all"');
    const includes = Array.from({ length: 11 }, (_, i) => `include:s${i}.viele.example`).join(' ');
    // Who sends from the old server is found at once, who sends from the relay behind everybody else.
    const record = `v=spf1 ip4:198.51.100.25 ${includes} ip4:203.0.113.10 -all`;
    await showSpf(record);
    await ready().asksForSpf(record);
    await ready().observe('--wait', '60s');
    expect(await ready().refusedBy('-refresh=false')).toEqual(['gate-spf-limits']);
    expect(await ready().arrives(id, 'internet')).toBe(true);

    await ready().applyWithout('gate-spf-limits', '-refresh=false');
    await sendsByRelay();
    expect(await ready().ends({ from: id, to: 'internet' })).toMatch(refusedBySpf);
  });

  test('a receiver with the old SPF record in its cache: gate-spf-aged', async () => {
    await showSpf('v=spf1 ip4:198.51.100.25 -all', 3600);
    await ready().observe();
    await cacheOnTheInternet();
    expect(await ready().arrives(id, 'internet')).toBe(true);
    await show(spf);
    await ready().observe();
    expect(await ready().refusedBy()).toEqual(['gate-spf-aged']);
    expect(await ready().arrives(id, 'internet')).toBe(true);

    await ready().applyWithout('gate-spf-aged');
    await sendsByRelay();
    expect(await ready().ends({ from: id, to: 'internet' })).toMatch(refusedBySpf);
  });

  test('old servers that send again, and a receiver with an SPF record that lacks them, when the MX goes back', async () => {
    expect((await ready().apply()).exitCode).toBe(0);
    await ready().observe();
    await sendsByRelay();
    await ready().asksForSpf('v=spf1 ip4:203.0.113.10 -all');
    expect((await ready().apply()).output).toMatch(
      /Warning: .*The MX of musterstadt\.example cannot go back after this deploy \[way-back-closes\]/,
    );
    await showSpf('v=spf1 ip4:203.0.113.10 -all', 3600);
    await ready().observe();
    await cacheOnTheInternet();
    expect(await ready().arrives(id, 'internet')).toBe(true);
    await ready().asks('back');
    expect(await ready().refusedOnceDue()).toEqual(['gate-way-back']);
    expect(await ready().arrives(id, 'internet')).toBe(true);

    await ready().applyWithout('gate-way-back');
    await ready().rehearsal.municipalityOutgoing(id, 'direct');
    expect(await ready().ends({ from: id, to: 'internet' })).toMatch(refusedBySpf);
  });

  test('a TTL that was raised again, and a sender with the old MX in its cache: gate-ttl-aged', async () => {
    await ready().showMx('10 mail.musterstadt.example.', 3600);
    await cacheOnTheInternet();
    expect(await ready().arrives('internet')).toBe(true);
    expect(await ready().refusedBy()).toEqual(['gate-ttl-aged']);

    await ready().applyWithout('gate-ttl-aged');
    expect(await ready().mxIsAt('relay')).toBe(true);
    // Longer than the lowered TTL later the municipality closes its old way in: nobody should need it any more.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await ready().closed(id, 'iifname world');
    expect(await ready().ends({ from: 'internet' })).toMatch(
      /^internet: .*status=deferred .*mail\.musterstadt\.example.*refused/,
    );
  });

  test('a TLSA record of the relay that does not match, and a sender that knows DANE: gate-tlsa', async () => {
    const tlsa = (...data: string[]): Promise<void> =>
      ready().zone('.', '_25._tcp.mx1.landesnetz.example.', 'TLSA', 60, ...data);
    await ready().fault(
      () => tlsa(`3 1 1 ${'0'.repeat(64)}`),
      () => tlsa(),
    );
    await knowsDane();
    expect(await ready().refusedBy()).toEqual(['gate-tlsa']);
    expect(await ready().arrives('internet')).toBe(true);

    await ready().applyWithout('gate-tlsa');
    expect(await ready().ends({ from: 'internet' })).toMatch(
      /^internet: .*status=deferred .*Server certificate not verified/,
    );
  });

  /** The Internet asks a cache that honours TTLs, as everybody does. */
  function cacheOnTheInternet(): Promise<void> {
    const config = [
      'options { directory "/tmp"; pid-file "/tmp/named.pid"; session-keyfile "/tmp/named.key";',
      'managed-keys-directory "/tmp"; listen-on { 127.0.0.1; }; listen-on-v6 { none; };',
      'dnssec-validation no; forward only; forwarders { 203.0.113.53; }; }; controls { };',
    ].join(' ');
    return ready().fault(
      () =>
        ready().sh(
          'internet',
          `echo '${config}' >/tmp/named.conf; named -c /tmp/named.conf; ${asks('127.0.0.1')}`,
        ),
      () => ready().sh('internet', `kill -9 $(cat /tmp/named.pid); ${asks('203.0.113.53')}`),
    );
  }

  /**
   * The Internet's Postfix delivers by DANE. It believes a resolver on its own host that an answer is signed; this one
   * says so of every answer, since the rehearsal's zones are not.
   */
  function knowsDane(): Promise<void> {
    const resolver = [
      'import socket',
      's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
      's.bind(("127.0.0.1", 53))',
      'while True:',
      '  question, who = s.recvfrom(65535)',
      '  up = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
      '  up.sendto(question, ("203.0.113.53", 53))',
      '  answer = bytearray(up.recv(65535))',
      '  answer[3] |= 0x20',
      '  s.sendto(answer, who)',
    ].join('\n');
    const level = (tls: string, dns: string): string =>
      `postconf smtp_tls_security_level=${tls} smtp_dns_support_level=${dns}`;
    return ready().fault(
      () =>
        ready().sh(
          'internet',
          `echo '${resolver}' >/tmp/dane.py; setsid python3 /tmp/dane.py </dev/null >/dev/null 2>&1 & echo $! >/tmp/dane.pid; ${level('dane', 'dnssec')}; ${asks('127.0.0.1')}`,
        ),
      () =>
        ready().sh('internet', `kill -9 $(cat /tmp/dane.pid); ${level('may', '')}; ${asks('203.0.113.53')}`),
    );
  }

  const asks = (server: string): string =>
    `printf 'nameserver ${server}\\noptions trust-ad\\n' >/etc/resolv.conf; ${reload}`;
}

/** The Internet's Postfix refuses what fails SPF, as receivers do. */
export function receiverChecksSpf(guarded: Guarded): Promise<string> {
  const settings = ['HELO_reject = False', 'Mail_From_reject = Fail', 'PermError_reject = True'];
  const program = '/usr/bin/policyd-spf /etc/policyd-spf.conf';
  return guarded.sh(
    'internet',
    [
      `printf '%s\\n' '${settings.join("' '")}' >/etc/policyd-spf.conf`,
      `postconf -M 'policyd-spf/unix=policyd-spf unix - n n - 0 spawn user=nobody argv=${program}'`,
      "postconf 'smtpd_recipient_restrictions=check_policy_service unix:private/policyd-spf'",
      reload,
    ].join('; '),
  );
}
