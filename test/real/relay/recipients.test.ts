import { jest } from '@jest/globals';
import { relayAddresses } from '../targets/lab.js';
import { describeReal } from '../requirements.js';
import { accepted, mailText, RelayLab, route } from './lab.js';
import { until, type MailServer } from './mail-server.js';

// Other work may share the machine.
jest.setTimeout(180_000);

const programs = ['postfix', 'postmap', 'openssl', 'unshare', 'knotd', 'python3'];
const stranger = '198.51.100.30';
const muster = '10.128.0.1';
const hop = `[${muster}]:25=may`;

describeReal('recipients, as the Internet listener checks them', { root: true, programs }, () => {
  let lab: RelayLab;
  let server: MailServer;
  let number = 0;
  const send = (recipient: string, listener: keyof typeof relayAddresses = 'internet'): string =>
    lab.send({
      host: relayAddresses[listener],
      from: stranger,
      sender: 'sender@absender.example',
      to: [recipient],
      text: mailText(`mail-${++number}.`),
    }).answer;

  beforeAll(async () => {
    lab = await RelayLab.open(['smtp_connect_timeout = 1s', 'delay_warning_time = 1s']);
    lab.address(stranger);
    server = await lab.server(muster, 'mail.muster.example');
    await lab.put(route('muster.example', hop), accepted('internet', 'muster.example'));
  });
  afterAll(() => lab.close());
  afterEach(() => server.rule({ mail: null, rcpt: null, data: null, silent: false }));

  test('the first mail to a recipient is taken at once, after the municipality’s server was asked', async () => {
    expect(send('first@muster.example')).toBe('{}');
    await server.mail(`mail-${number}.`);
    expect(server.asked).toEqual(['first@muster.example', 'first@muster.example']);
  });

  test('who is unknown there is refused, and nobody gets a bounce', async () => {
    await server.rule({ rcpt: { 'unknown@muster.example': '550 5.1.1 No such user' } });
    expect(send('unknown@muster.example')).toMatch(/^550 5\.1\.1 .*Recipient address is not confirmed/);
    expect(lab.count(/sender non-delivery notification/g)).toBe(0);
  });

  test('while an edge settles, a server that knows nobody costs no mail', async () => {
    await lab.put(route('settling.example', 'settling', hop), accepted('internet', 'settling.example'));
    await server.rule({ rcpt: { '*': '550 5.1.1 Relaying denied' } });
    expect(send('anybody@settling.example')).toMatch(/^450 /);
    await server.rule({ mail: '550 5.7.1 Go away', rcpt: null });
    expect(send('anybody.else@settling.example')).toMatch(/^450 /);
  });

  test('a server that says 4xx, or nothing, has not said that a recipient is unknown', async () => {
    await server.rule({ rcpt: { '*': '451 4.3.0 Try again later' } });
    expect(send('greylisted@muster.example')).toMatch(/^450 /);
    lab.address('10.128.0.9');
    await lab.put(route('down.example', '[10.128.0.9]:25=may'), accepted('internet', 'down.example'));
    expect(send('anybody@down.example')).toMatch(/^450 /);
  });

  test('by its code an answer says whether acceptance, route or the municipality’s server is wanting', async () => {
    expect(send('postmaster@nowhere.example')).toMatch(/^450 4\.3\.2 /);
    await server.rule({ rcpt: { '*': '550 5.7.1 Access denied' } });
    expect(send('postmaster@muster.example')).toMatch(/^550 5\.1\.1 /);
    await lab.put(route('settles.example', 'settling', hop), accepted('internet', 'settles.example'));
    expect(send('postmaster@settles.example')).toMatch(/^450 4\.1\.1 /);
    await lab.put(route('routed.example', hop), accepted('internet', 'routed.example'));
    await lab.relay.apply({ expect: [], put: [], remove: [route('routed.example', hop)] });
    expect(send('postmaster@routed.example')).toMatch(/^450 4\.1\.1 /);
    expect((await lab.relay.list()).filter(({ key }) => key[0] === 'routed.example')).toEqual([
      expect.objectContaining({ map: 'accept_internet' }),
    ]);
  });

  test('a known recipient is taken though the server be down: what was asked before the MX moves warms up', async () => {
    // A client asks as far as RCPT, and sends nothing: so can whoever warms up.
    lab.address('10.128.0.8');
    const warm = await lab.again('10.128.0.8', 'mail.warm.example');
    await lab.put(route('warm.example', '[10.128.0.8]:25=may'), accepted('internet', 'warm.example'));
    const ask = `import smtplib; c = smtplib.SMTP('${relayAddresses.internet}', 25, 'x.example', 60, ('${stranger}', 0)); c.ehlo(); c.mail('a@absender.example'); print(c.rcpt('known@warm.example')[0])`;
    expect(lab.host.run('python3', '-c', ask)).toBe('250\n');
    await until(() => (warm.asked.includes('known@warm.example') ? true : undefined));
    expect(warm.mails).toEqual([]);
    warm.stop();
    expect(send('known@warm.example')).toBe('{}');
    expect(await lab.targets.queue('relay1', 'warm.example')).toBe(1);
  });

  test('tenants are not asked about: their mail bounces to somebody who exists', async () => {
    await lab.put(accepted('internal', 'muster.example'));
    expect(send('never.asked@muster.example', 'internal')).toBe('{}');
    await server.mail(`mail-${number}.`);
    expect(server.asked.filter((recipient) => recipient.startsWith('never'))).toHaveLength(1);
  });

  test('a sender inside hears that his mail waits; one from the Internet does not, who may be forged', async () => {
    const late = ['late.inside@muster.example', 'late.outside@muster.example'] as const;
    await lab.put(accepted('internal', 'muster.example'));
    await server.rule({ data: '451 4.3.0 Not now' });
    expect(send(late[1])).toBe('{}');
    expect(send(late[0], 'internal')).toBe('{}');
    /** Tries for which the mail had waited longer than the time after which its sender hears. */
    const tries = (recipient: string): string[] =>
      [...lab.postfix.log().matchAll(/ (\w+): to=<([^>]*)>.* delay=(\d+)/g)]
        .filter(([, , to, delay]) => to === recipient && Number(delay) >= 1)
        .map(([, id = '']) => id);
    await until(() => {
      lab.run('postqueue', '-s', 'muster.example');
      return late.every((recipient) => tries(recipient).length > 1) ? true : undefined;
    });
    const told = (recipient: string): number =>
      lab.count(new RegExp(`${tries(recipient)[0] ?? ''}: sender delay notification`, 'g'));
    expect(late.map(told)).toEqual([1, 0]);
    await server.rule({ data: null });
    lab.run('postqueue', '-s', 'muster.example');
    await server.mail(`mail-${number}.`);
  });

  test('what was learnt outlives a restart of Postfix: it is on the disk', () => {
    expect(lab.run('postconf', '-h', 'address_verify_map').trim()).toBe('lmdb:$data_directory/verify_cache');
    expect(lab.run('postmap', '-s', 'lmdb:/var/lib/postfix/verify_cache')).toContain('first@muster.example');
  });
});
