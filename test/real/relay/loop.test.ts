import { jest } from '@jest/globals';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillTemplate } from '../../../lib/rehearsal/files.js';
import { describeReal } from '../requirements.js';
import { relayAddresses } from '../targets/lab.js';
import { startPostfix, type RunningPostfix } from '../targets/postfix.js';
import { accepted, client, mailText, RelayLab, route } from './lab.js';
import { until } from './mail-server.js';

// Other work may share the machine.
jest.setTimeout(180_000);

const programs = ['postfix', 'postmap', 'openssl', 'unshare', 'knotd', 'python3'];
const muster = '10.128.0.1';
const tenant = '10.64.0.20';

/** A municipality's Postfix that knows a@muster.example, and sends mail for everybody else back to the relay. */
async function misconfigured(lab: RelayLab, folder: string): Promise<RunningPostfix> {
  cpSync('/etc/postfix', join(folder, 'etc'), { recursive: true });
  const values = { NAME: 'mail.muster.example', DOMAINS: 'muster.example', MAILBOXES: 'static:all/' };
  const filled = (await fillTemplate('rehearsal/main.cf', values))
    .replaceAll('/var/mail', join(folder, 'mail'))
    .replace(/^smtpd_tls_.*$/gm, '');
  writeFileSync(join(folder, 'etc/main.cf'), filled);
  writeFileSync(join(folder, 'etc/master.cf'), await fillTemplate('rehearsal/master.cf', {}));
  // Mailboxes are nobody's.
  mkdirSync(join(folder, 'mail'));
  chmodSync(join(folder, 'mail'), 0o777);
  chmodSync(folder, 0o755);
  const main = [
    `inet_interfaces = ${muster}`,
    `smtp_bind_address = ${muster}`,
    `mynetworks = ${relayAddresses.internal}/32`,
    `transport_maps = inline:{{a@muster.example=virtual:}, {muster.example=smtp:[${relayAddresses.customers}]:25}}`,
  ];
  return startPostfix(folder, lab.host, { listeners: 1, main });
}

describeReal(
  'a municipality’s server that sends its mail back to the relay',
  { root: true, programs },
  () => {
    let lab: RelayLab;
    let own: RunningPostfix;
    const folder = mkdtempSync(join(tmpdir(), 'mailversand-test-'));

    beforeAll(async () => {
      lab = await RelayLab.open();
      lab.address(muster);
      lab.address(tenant);
      own = await misconfigured(lab, folder);
      await lab.put(
        route('muster.example', `[${muster}]:25=may`),
        accepted('internal', 'muster.example'),
        client(muster, 'refuse', 'muster.example'),
      );
    });
    afterAll(async () => {
      await own.stop();
      await lab.close();
      rmSync(folder, { recursive: true });
    });

    /** What is in the mailbox of a@muster.example. */
    const bounces = (): string[] => {
      const box = join(folder, 'mail/all/new');
      return existsSync(box) ? readdirSync(box).map((name) => readFileSync(join(box, name), 'utf8')) : [];
    };

    const quiet = (): Promise<true> =>
      until(() =>
        [lab.postfix, own].every(({ enter }) => lab.host.run(...enter, 'postqueue', '-j').trim() === '')
          ? true
          : undefined,
      );

    test('its own mail goes round at most fifty hops and ends with one bounce', async () => {
      const mail = { host: relayAddresses.customers, from: muster, sender: 'a@muster.example' };
      expect(lab.send({ ...mail, to: ['b@muster.example'], text: mailText('loops') }).answer).toBe('{}');
      const [bounce] = await until(() => (bounces().length > 0 ? bounces() : undefined));
      expect(bounce).toContain('too many hops');
      await quiet();
      expect(bounces()).toHaveLength(1);
      expect(lab.count(/to=<b@muster\.example>.*status=sent/g)).toBeLessThanOrEqual(25);
    });

    test('a foreign mail does not go round at all: the relay does not take it back', async () => {
      const mail = { host: relayAddresses.internal, from: tenant, sender: 'x@landesamt.example' };
      const before = lab.count(/to=<c@muster\.example>.*status=sent/g);
      expect(lab.send({ ...mail, to: ['c@muster.example'], text: mailText('foreign') }).answer).toBe('{}');
      await until(() =>
        /to=<c@muster\.example>.*status=bounced.*554 5\.7\.1/.test(own.log()) ? true : undefined,
      );
      expect(lab.count(/to=<c@muster\.example>.*status=sent/g) - before).toBe(1);
    });
  },
);
