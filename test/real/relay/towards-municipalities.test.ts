import { jest } from '@jest/globals';
import { relayAddresses } from '../targets/lab.js';
import { describeReal } from '../requirements.js';
import { accepted, mailText, RelayLab, route } from './lab.js';
import { until, type MailServer } from './mail-server.js';

// Other work may share the machine; the second flush comes after 31 seconds.
jest.setTimeout(180_000);

const programs = ['postfix', 'postmap', 'openssl', 'unshare', 'knotd', 'python3'];
const stranger = '198.51.100.30';
const muster = '10.128.0.1';
const hop = `[${muster}]:25=may`;

// Whoever waits for a back-off here waits longer than any test.
const patient = ['minimal_backoff_time = 900s', 'queue_run_delay = 300s', 'smtp_connect_timeout = 1s'];

describeReal('mail towards a municipality', { root: true, programs }, () => {
  let lab: RelayLab;
  let server: MailServer;
  let number = 0;
  /** Through the internal listener, which asks nobody about recipients. */
  const send = (recipient: string): string => {
    const subject = `mail-${++number}.`;
    const { ok, answer } = lab.send({
      host: relayAddresses.internal,
      from: stranger,
      sender: 'sender@tenant.example',
      to: [recipient],
      text: mailText(subject),
    });
    expect(answer).toBe('{}');
    expect(ok).toBe(true);
    return subject;
  };

  beforeAll(async () => {
    lab = await RelayLab.open(patient);
    lab.address(stranger);
    server = await lab.server(muster, 'mail.muster.example');
  });
  afterAll(() => lab.close());
  afterEach(() => server.rule({ mail: null, rcpt: null, data: null, silent: false }));

  test.each([
    ['internet', 36_700_160],
    ['ndb', 104_857_600],
    ['internal', 104_857_600],
  ] as const)(
    'by the %s listener a mail of %i bytes passes, and one of a byte more is refused',
    async (kind, limit) => {
      await lab.put(route('muster.example', hop), accepted(kind, 'muster.example'));
      const sent = (bytes: number) => {
        const text = mailText(`bytes-${kind}-${bytes}.`, bytes);
        const [host, sender] = [relayAddresses[kind], 'sender@tenant.example'];
        return lab.send({ host, from: stranger, sender, to: ['a@muster.example'], text });
      };
      expect(sent(limit).answer).toBe('{}');
      expect((await server.mail(`bytes-${kind}-${limit}.`)).size).toBeGreaterThan(limit);
      expect(sent(limit + 1).answer).toMatch(/^552 5\.3\.4 /);
    },
  );

  test('while an edge settles, what the server refuses waits; settled, it bounces', async () => {
    await lab.put(route('muster.example', 'settling', hop), accepted('internal', 'muster.example'));
    await server.rule({ rcpt: { 'wrong@muster.example': '550 5.1.1 No such user' } });
    send('wrong@muster.example');
    await lab.logged(/postfix\/settling\/smtp.*to=<wrong@muster\.example>.*status=deferred.*550 5\.1\.1/);
    await lab.put(route('muster.example', hop));
    send('other@muster.example');
    await server.mail(`mail-${number}.`);
    send('wrong@muster.example');
    await lab.logged(/postfix\/customer\/smtp.*to=<wrong@muster\.example>.*status=bounced.*550 5\.1\.1/);
  });

  test('what waited for a route is delivered as soon as the route is repaired', async () => {
    lab.address('10.128.0.99');
    await lab.put(route('repair.example', '[10.128.0.99]:25=may'), accepted('internal', 'repair.example'));
    const subject = send('one@repair.example');
    await lab.logged(/to=<one@repair\.example>.*status=deferred/);
    await lab.put(route('repair.example', hop));
    await lab.targets.flush('relay1', 'repair.example');
    expect((await server.mail(subject)).to).toEqual(['one@repair.example']);
  });

  test('several servers in order: the next takes the mail while the first is down, each by its own TLS policy', async () => {
    lab.address('10.128.0.3');
    const second = await lab.server('10.128.0.4', 'second.failover.example', true);
    await lab.put(
      route('failover.example', '[10.128.0.3]:25=may', '[10.128.0.4]:25=encrypt'),
      accepted('internal', 'failover.example'),
    );
    expect((await second.mail(send('a@failover.example'))).tls).toBe(true);
    const first = await lab.again('10.128.0.3', 'first.failover.example');
    expect((await first.mail(send('b@failover.example'))).tls).toBe(false);
    first.stop();
    expect((await second.mail(send('c@failover.example'))).tls).toBe(true);
  });

  test('where encryption is agreed, a server without it gets nothing', async () => {
    await lab.server('10.128.0.5', 'plain.example');
    await lab.put(route('plain.example', '[10.128.0.5]:25=encrypt'), accepted('internal', 'plain.example'));
    send('a@plain.example');
    await lab.logged(/to=<a@plain\.example>.*status=deferred.*TLS is required, but was not offered/);
  });

  test('a dead municipality with hundreds of mails in the queue does not hold up the others', async () => {
    const dead = await lab.server('10.128.0.6', 'mail.dead.example');
    await dead.rule({ silent: true });
    await lab.put(
      route('dead.example', '[10.128.0.6]:25=may'),
      accepted('internal', 'dead.example'),
      route('alive.example', hop),
      accepted('internal', 'alive.example'),
    );
    const source = [
      'smtp-source',
      '-c',
      '-m',
      '300',
      '-s',
      '10',
      '-f',
      'a@tenant.example',
      '-t',
      'b@dead.example',
    ];
    lab.host.run(...source, relayAddresses.internal);
    await until(() => (dead.connections > 0 ? true : undefined));
    // One after the other, each through a queue that holds all of the dead one's mail.
    for (let i = 0; i < 20; i++) await server.mail(send('a@alive.example'));
    expect(dead.mails).toEqual([]);
    expect(await lab.targets.queue('relay1', 'dead.example')).toBe(300);
    // Two connections to begin with, and not more for a server that never answers.
    expect(dead.connections).toBe(2);
  });
});
