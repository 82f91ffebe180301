import { jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { liftingCommands } from '../../../lib/migration/relay-lock.js';
import { relayAddresses } from '../targets/lab.js';
import { describeReal } from '../requirements.js';
import { accepted, client, mailText, RelayLab, route } from './lab.js';
import { until, type MailServer } from './mail-server.js';

// Other work may share the machine, and mails of a hundred megabytes are sent.
jest.setTimeout(240_000);

const programs = ['postfix', 'postmap', 'openssl', 'unshare', 'knotd', 'dkimverify'];
const muster = '10.128.0.1';
const tenant = '10.64.0.20';
const internet = '203.0.113.80';
const million = 1_000_000;

/** Signs and verifies as mail servers do (dkimpy); the key is found where the zone would have it. */
const dkim = (script: string, input: object): string =>
  execFileSync(
    '/usr/bin/python3',
    ['-c', `import base64, dkim, json, sys\nr = json.load(sys.stdin)\n${script}`],
    {
      encoding: 'utf8',
      input: JSON.stringify(input),
    },
  );

describeReal('mail of a municipality outwards', { root: true, programs }, () => {
  let lab: RelayLab;
  let own: MailServer;
  let inside: MailServer;
  let outside: MailServer;
  const send = (to: string[], text: string, sender = 'a@muster.example') =>
    lab.send({ host: relayAddresses.customers, from: muster, sender, to, text });

  beforeAll(async () => {
    const mx = (address: string): string[] => ['@ 1 MX 10 mx', `mx 1 A ${address}`];
    lab = await RelayLab.open([], {
      'welt.example': mx(internet),
      'erde.example': mx(internet),
      'heim.example': mx(internet),
      'gewandert.example': mx(relayAddresses.internet),
    });
    own = await lab.server(muster, 'mail.muster.example');
    inside = await lab.server(tenant, 'mail.landesamt.example');
    outside = await lab.server(internet, 'mx.welt.example', true);
    await lab.put(
      route('muster.example', `[${muster}]:25=may`),
      accepted('internal', 'muster.example'),
      route('landesamt.example', `[${tenant}]:25=may`),
      client(muster, 'refuse', 'muster.example', 'verein.example'),
    );
  });
  afterAll(() => lab.close());
  afterEach(() =>
    Promise.all([own, inside, outside].map((server) => server.rule({ rcpt: null, data: null }))),
  );

  test('own domains, what users forward, and the null sender pass; other senders are refused, or deferred while an edge settles', async () => {
    const answer = (sender: string): string =>
      send(['b@landesamt.example'], mailText('foreign'), sender).answer;
    expect(answer('a@muster.example')).toBe('{}');
    expect(answer('mitglied@verein.example')).toBe('{}');
    expect(answer('')).toBe('{}');
    expect(answer('x@fremd.example')).toMatch(/^554 5\.7\.1 .*Sender domain is not permitted/);
    await lab.put(client(muster, 'defer', 'muster.example', 'verein.example'));
    expect(answer('x@fremd.example')).toMatch(/^451 4\.7\.1 .*Sender domain is not permitted/);
    expect(answer('')).toBe('{}');
    expect(answer('x@defer')).toMatch(/^451 /);
  });

  test('35 MB to the Internet, 100 MB inside: a mail to both reaches the inside and gives one bounce for the others', async () => {
    const both = ['b@landesamt.example', 'c@welt.example', 'd@erde.example', 'e@welt.example'];
    expect(send(both, mailText('large-to-both', 40 * million)).answer).toBe('{}');
    expect((await inside.mail('large-to-both')).size).toBeGreaterThan(40 * million);
    const bounce = await own.mail('large-to-both');
    expect(bounce.from).toBe('');
    expect(bounce.to).toEqual(['a@muster.example']);
    for (const recipient of both.slice(1)) expect(bounce.text).toContain(`<${recipient}>`);
    expect(bounce.text).not.toContain('<b@landesamt.example>');
    expect(bounce.text).toContain('37748736');
    await until(() => (lab.run('postqueue', '-j').trim() === '' ? true : undefined));
    expect(own.mails.filter(({ text }) => text.includes('large-to-both'))).toHaveLength(1);
    expect(outside.mails.filter(({ text }) => text.includes('large-to-both'))).toEqual([]);
  });

  test('just below each limit a mail passes', async () => {
    expect(send(['c@welt.example'], mailText('just-35', 35 * million)).ok).toBe(true);
    expect((await outside.mail('just-35')).size).toBeGreaterThan(35 * million);
    expect(send(['b@landesamt.example'], mailText('just-100', 100 * million)).ok).toBe(true);
    expect((await inside.mail('just-100')).size).toBeGreaterThan(100 * million);
    expect(send(['b@landesamt.example'], mailText('over-100', 106 * million)).answer).toMatch(/^552 /);
  });

  // At every hop a mail is larger than at the one before, and in a queue long lines count for more.
  test.each([74, 998])(
    'a mail of exactly 35 MB leaves, with lines of %i characters, and does not bounce behind the listener that took it',
    async (width) => {
      const [limit, subject] = [36_700_160, `exactly-35-${width}.`];
      expect(send(['c@welt.example'], mailText(subject, limit, width)).answer).toBe('{}');
      expect((await outside.mail(subject)).size).toBeGreaterThan(limit);
      expect(own.mails.filter(({ text }) => text.includes(subject))).toEqual([]);
    },
  );

  test('the municipality’s DKIM signature holds at the receiver on the Internet, with 8 bit and encryption', async () => {
    const key = `${lab.farEnd.folder}/dkim.pem`;
    execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' });
    const pub = execFileSync('openssl', ['rsa', '-in', key, '-pubout', '-outform', 'DER'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const text = `From: <a@muster.example>\r\nTo: <c@welt.example>, undisclosed\r\nSubject: signed-one\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00c3\u00bc\u00c3\u009fe  aus Muster \r\n`;
    const signature = dkim(
      `m = r['text'].encode('latin1')\nprint(dkim.sign(m, b's1', b'muster.example', open(r['key'],'rb').read(), canonicalize=(b'simple', b'simple'), include_headers=[b'From', b'To', b'Subject', b'Date']).decode(), end='')`,
      { text, key },
    );
    expect(send(['c@welt.example'], signature + text).ok).toBe(true);
    const arrived = await outside.mail('signed-one');
    expect(arrived.tls).toBe(true);
    const verified = dkim(
      `print(dkim.verify(r['text'].encode('latin1'), dnsfunc=lambda name, timeout=5: ('v=DKIM1; k=rsa; p=' + r['pub']).encode()))`,
      { text: arrived.text, pub: pub.toString('base64') },
    );
    expect(verified).toBe('True\n');
  });

  test('mail to a municipality that has gone back waits, and leaves by its MX once a person has lifted the lock', async () => {
    const gone = route('heim.example', `[${muster}]:25=may`);
    await lab.put(gone);
    await lab.relay.apply({ expect: [], put: [], remove: [gone] });
    expect(send(['b@heim.example'], mailText('left')).ok).toBe(true);
    await lab.logged(/to=<b@heim\.example>.*dsn=4\.4\.1.*status=deferred.*route withdrawn/);
    const transport = lab.run('postconf', '-hx', 'transport_maps').trim();
    expect(lab.run('postmap', '-q', 'heim.example', transport)).toBe('retry:4.4.1 route withdrawn\n');
    for (const command of liftingCommands('heim.example'))
      lab.run('sh', '-ec', command.replace('runuser -u mv-relay -- ', '').replace(/lmdb:\S+/g, transport));
    expect((await outside.mail('Subject: left')).to).toEqual(['b@heim.example']);
    await lab.put(gone);
    expect(await lab.relay.list()).toContainEqual(expect.objectContaining({ key: ['heim.example'] }));
  });

  test('mail for the Internet whose MX has moved to this relay meanwhile goes in by the Internet listener', async () => {
    expect(send(['b@gewandert.example'], mailText('moved')).ok).toBe(true);
    await lab.logged(/postfix\/outside\/smtp.*to=<b@gewandert\.example>.*status=deferred.*450 4\.3\.2/);
    await lab.put(
      route('gewandert.example', `[${muster}]:25=may`),
      accepted('internet', 'gewandert.example'),
    );
    lab.run('postqueue', '-f');
    expect((await own.mail('Subject: moved')).to).toEqual(['b@gewandert.example']);
  });
});
