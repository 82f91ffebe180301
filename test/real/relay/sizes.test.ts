import { jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { wireBytes } from '../../../lib/config/sizes.js';
import { relayAddresses } from '../targets/lab.js';
import { describeReal } from '../requirements.js';
import { accepted, client, limits, mailText, RelayLab, route, type Sent } from './lab.js';
import type { MailServer } from './mail-server.js';

// Other work may share the machine, and large mails are sent.
jest.setTimeout(240_000);

const programs = ['postfix', 'postmap', 'openssl', 'unshare', 'knotd', 'python3'];
const [small, normal, tenant] = ['10.128.0.1', '10.128.0.2', '10.64.0.20'];
const [internalLimit, internetLimit] = [wireBytes(20), wireBytes(18)];
type Listener = keyof typeof relayAddresses;

describeReal('mail for a municipality with limits of its own', { root: true, programs }, () => {
  let lab: RelayLab;
  let smallServer: MailServer;
  let normalServer: MailServer;
  let number = 0;
  const send = (listener: Listener, bytes: number, more: Partial<Sent> = {}): string =>
    lab.send({
      host: relayAddresses[listener],
      from: { internet: '198.51.100.30', ndb: tenant, internal: tenant, customers: normal }[listener],
      sender: 'a@normal.example',
      to: ['b@klein.example'],
      text: mailText(`mail-${++number}.`, bytes),
      ...more,
    }).answer;
  const domain = (name: string, ...value: string[]) => [
    route(name, ...value),
    ...(['internal', 'ndb', 'internet'] as const).map((of) => accepted(of, name)),
  ];
  const sizeOf = (listener: Listener): number => (listener === 'internet' ? internetLimit : internalLimit);

  beforeAll(async () => {
    lab = await RelayLab.open();
    for (const address of ['198.51.100.30', tenant]) lab.address(address);
    smallServer = await lab.server(small, 'mail.klein.example');
    normalServer = await lab.server(normal, 'mail.normal.example');
    await lab.put(
      ...domain('klein.example', ...limits(internalLimit, internetLimit), `[${small}]:25=may`),
      ...domain('normal.example', `[${normal}]:25=may`),
      client(normal, 'refuse', 'normal.example'),
    );
  });
  afterAll(() => lab.close());

  describe.each<Listener>(['internal', 'ndb', 'customers', 'internet'])('by the listener %s', (listener) => {
    test.each([false, true])('a mail of exactly its limit passes, unannounced: %s', async (unannounced) => {
      expect(send(listener, sizeOf(listener), { unannounced })).toBe('{}');
      expect((await smallServer.mail(`mail-${number}.`)).size).toBeGreaterThan(sizeOf(listener));
    });

    test('a byte more is refused: at RCPT if it is announced, else when it has been sent', () => {
      const refused = new RegExp(
        `^552 5\\.3\\.4 <(b@klein.example|END-OF-MESSAGE)>: .* Message is too large: klein\\.example takes ${sizeOf(listener)} bytes at most$`,
      );
      const [announced, not] = [false, true].map((unannounced) =>
        send(listener, sizeOf(listener) + 1, { unannounced }),
      );
      expect([announced, not]).toEqual([expect.stringMatching(refused), expect.stringMatching(refused)]);
      expect(announced).toContain('<b@klein.example>');
      expect(not).toContain('<END-OF-MESSAGE>');
    });

    test('a mail to others too reaches them', async () => {
      const answer = send(listener, sizeOf(listener) + 1, { to: ['b@klein.example', 'c@normal.example'] });
      expect(JSON.parse(answer)).toEqual({ 'b@klein.example': expect.stringMatching(/^5\.3\.4 /) as string });
      expect((await normalServer.mail(`mail-${number}.`)).to).toEqual(['c@normal.example']);
    });
  });

  test('unannounced and to several, it is refused for all: after the mail there is one answer', () => {
    const to = ['c@normal.example', 'b@klein.example', 'd@normal.example'];
    expect(send('internal', internalLimit + 1, { to, unannounced: true })).toMatch(
      /^552 5\.3\.4 <END-OF-MESSAGE>/,
    );
    expect(lab.count(/status=bounced/g)).toBe(0);
  });

  test('one dialogue, one smtpd, several mails: the recipients of one are not those of the next', async () => {
    const script = `
import smtplib, sys
c = smtplib.SMTP('${relayAddresses.internal}', 25, 'x.example', 600, ('${tenant}', 0))
c.ehlo()
del c.esmtp_features['size']
large = sys.stdin.buffer.read()
print(c.sendmail('a@normal.example', ['b@klein.example', 'c@klein.example'], b'Subject: little\\r\\n\\r\\nx\\r\\n'))
c.docmd('MAIL', 'FROM:<a@normal.example>'); c.docmd('RCPT', 'TO:<b@klein.example>'); c.docmd('RSET')
print(c.sendmail('a@normal.example', ['c@normal.example', 'd@normal.example'], large))
`;
    const [program, ...args] = [...lab.host.enter, 'python3', '-c', script];
    const input = mailText('after-little', internalLimit + 1);
    expect(execFileSync(program, args, { input, encoding: 'utf8' })).toBe('{}\n{}\n');
    await normalServer.mail('after-little');
  });

  test.each([
    'B@KLEIN.example',
    'b@klein.example.',
    '@landesamt.example:b@klein.example',
    `b%klein.example@[${relayAddresses.internal}]`,
    `klein.example!b@[${relayAddresses.ndb}]`,
    'klein.example!b',
    'b%klein.example',
    '"b%klein.example"',
    'b@klein.example@',
  ])('an address that is written otherwise hides no domain: %s', (address) => {
    const script = `
import smtplib
c = smtplib.SMTP('${relayAddresses.internal}', 25, 'x.example', 600, ('${tenant}', 0))
c.ehlo()
for size in ['', ' SIZE=${internalLimit + 1}']:
    c.docmd('RSET'); c.docmd('MAIL', 'FROM:<a@normal.example>' + size)
    print(c.docmd('RCPT', ${JSON.stringify(`TO:<${address}>`)})[0])
`;
    expect(lab.host.run('python3', '-c', script)).toBe('250\n552\n');
  });

  test('a limit that is raised or goes holds at once, and mail in between is asked about anew', async () => {
    const put = (...value: string[]) => lab.put(...domain('wechsel.example', ...value, `[${normal}]:25=may`));
    const to = ['b@wechsel.example'];
    const larger = (): string => send('internal', internalLimit + 1, { to, unannounced: true });
    await put(`internal=${internalLimit}`);
    expect(larger()).toMatch(/^552 /);
    await put(`internal=${wireBytes(21)}`);
    expect(larger()).toBe('{}');
    await put(`internet=${internetLimit}`);
    expect(larger()).toBe('{}');
    await put();
    expect(larger()).toBe('{}');
  });

  test('where the limits cannot be read, a large mail is to come again, and others pass', () => {
    const map = `${lab.farEnd.state}/sizes`;
    lab.run('sh', '-c', `mv ${map}.lmdb ${map}.away`);
    try {
      expect(send('internal', wireBytes(14))).toMatch(/^451 4\.3\.0 .*cannot be looked up/);
      expect(send('internal', wireBytes(14), { unannounced: true })).toMatch(/^451 4\.3\.0 /);
      expect(send('internal', 1000)).toBe('{}');
    } finally {
      lab.run('sh', '-c', `mv ${map}.away ${map}.lmdb`);
    }
    expect(send('internal', wireBytes(14))).toBe('{}');
  });
});
