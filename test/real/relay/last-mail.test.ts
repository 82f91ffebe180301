import { jest } from '@jest/globals';
import { mailLog, relayAddresses } from '../targets/lab.js';
import { describeReal } from '../requirements.js';
import { accepted, client, mailText, RelayLab, route } from './lab.js';
import { until } from './mail-server.js';

// Other work may share the machine.
jest.setTimeout(120_000);

const programs = ['postfix', 'postmap', 'openssl', 'unshare', 'knotd', 'python3'];
const stranger = '198.51.100.30';
const muster = '10.128.0.1';
const other = '10.128.0.2';

describeReal('the last mail of a listener, in the relay’s log', { root: true, programs }, () => {
  let lab: RelayLab;

  beforeAll(async () => {
    lab = await RelayLab.open();
    lab.address(stranger);
    lab.address(other);
    await lab.server(muster, 'mail.muster.example');
    await lab.put(
      route('muster.example', `[${muster}]:25=may`),
      accepted('internal', 'muster.example'),
      accepted('ndb', 'muster.example'),
      client(muster, 'refuse', 'muster.example', 'verein.example'),
      client(other, 'refuse', 'verein.example'),
    );
  });
  afterAll(() => lab.close());

  const last = async (listener: string, domain = 'muster.example'): Promise<string> =>
    (await lab.targets.lastMail('relay1', listener, domain)).id;

  const send = (listener: 'internal' | 'ndb', to: string): boolean =>
    lab.send({
      host: relayAddresses[listener],
      from: stranger,
      sender: 'sender@bund.example',
      to: [to],
      text: mailText('mail'),
    }).ok;

  /** Waits until it is another than before. */
  const another = (listener: string, before: string, domain?: string): Promise<string> =>
    until(async () => {
      const now = await last(listener, domain);
      return now === before ? undefined : now;
    }, `another last mail than ${before}`);

  test('is none, then each of its own, whatever comes by another listener or for another domain', async () => {
    expect([await last('internal'), await last('ndb')]).toEqual(['-', '-']);
    expect(send('ndb', 'Someone@Muster.example')).toBe(true);
    const first = await another('ndb', '-');
    expect(first).toMatch(/^[0-9A-Za-z]+$/);
    expect([await last('internal'), await last('ndb', 'er.example')]).toEqual(['-', '-']);
    expect(send('ndb', 'someone@muster.example')).toBe(true);
    await another('ndb', first);
  });

  test('is also one that was not taken: somebody still sends here', async () => {
    const before = await last('ndb');
    const [gone] = (await lab.relay.list()).filter(({ map }) => map === 'accept_ndb');
    await lab.relay.apply({ expect: [], put: [], remove: gone ? [gone] : [] });
    expect(send('ndb', 'someone@muster.example')).toBe(false);
    expect(await another('ndb', before)).toMatch(/\d\d:\d\d:\d\d/);
  });

  test('of a server is the last that it sent under a domain, taken or not, whatever others send under it', async () => {
    const [mine, others] = [`customers/${muster}`, `customers/${other}`];
    const under = (from: string, sender: string): boolean =>
      lab.send({
        host: relayAddresses.customers,
        from,
        sender,
        to: ['verein.example@muster.example'],
        text: mailText('mail'),
      }).ok;
    expect(await last(mine, 'verein.example')).toBe('-');
    expect(under(muster, 'Vorstand@Verein.example')).toBe(true);
    const first = await another(mine, '-', 'verein.example');
    expect(under(muster, 'amt@muster.example')).toBe(true);
    const own = await another(mine, '-');
    expect(under(other, 'vorstand@verein.example')).toBe(true);
    const theirs = await another(others, '-', 'verein.example');
    expect(new Set([first, own, theirs]).size).toBe(3);
    expect(await last(mine, 'verein.example')).toBe(first);
    expect(under(muster, 'x@fremd.example')).toBe(false);
    expect(await another(mine, '-', 'fremd.example')).toMatch(/\d\d:\d\d:\d\d/);
    expect([await last(others, 'fremd.example'), await last(mine)]).toEqual(['-', own]);
    await expect(last('customers/all')).rejects.toThrow('this is no listener and domain');
  });

  test('is still known when the log was rotated, and nobody is silent whose log cannot be read', async () => {
    const before = await last('ndb');
    lab.run('sh', '-c', `cp ${mailLog} ${mailLog}.1; : >${mailLog}`);
    expect(await last('ndb')).toBe(before);
    lab.run('sh', '-c', `mv ${mailLog}.1 ${mailLog}.away`);
    await expect(last('ndb')).rejects.toThrow(/no line of Postfix/);
    lab.run('sh', '-c', `mv ${mailLog}.away ${mailLog}.1`);
    lab.run('mv', mailLog, `${mailLog}.away`);
    await expect(last('ndb')).rejects.toThrow(/cannot be read/);
    lab.run('mv', `${mailLog}.away`, mailLog);
  });

  test.each([
    ['as the system logger writes it', '30 days ago', '+%b %e %T', '30 days ago'],
    ['without a year, of the last one', '3 days', '+%b %e %T', '3 days 1 year ago'],
    ['with a zone', '2 days ago', '+%FT%T.123456%:z', '2 days ago'],
  ])('says from when on the log has everything: %s', async (_, when, format, expected) => {
    const date = (...options: string[]): string => lab.run('env', 'LC_ALL=C', 'date', ...options).trim();
    const noon = (day: string): string => `12:00 ${day}`;
    const line = `${date('-d', noon(when), format)} relay1 postfix/qmgr[1]: A: removed`;
    lab.run('sh', '-c', `echo '${line}' >${mailLog}.1`);
    const { logSince } = await lab.targets.lastMail('relay1', 'ndb', 'muster.example');
    expect(logSince).toBe(date('-u', '-d', noon(expected), '+%FT%TZ'));
    lab.run('sh', '-c', `sed -i '1i no line of a log' ${mailLog}.1`);
    await expect(last('ndb')).rejects.toThrow(/has no time/);
    lab.run('rm', `${mailLog}.1`);
  });

  test('is not looked for where Postfix does not log', async () => {
    lab.run('postconf', '-c', lab.farEnd.config, `maillog_file = ${mailLog}.other`);
    await expect(last('ndb')).rejects.toThrow(`Postfix logs to ${mailLog}.other, not to ${mailLog}`);
    lab.run('postconf', '-c', lab.farEnd.config, `maillog_file = ${mailLog}`);
  });
});
