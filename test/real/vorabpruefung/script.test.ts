import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { programs } from '../../../lib/rehearsal/requirements.js';
import type { Report } from '../../../lib/vorabpruefung/report.js';
import { describeReal, findProgram } from '../requirements.js';
import { Lab, script } from './lab.js';
import { servers } from './servers.js';

jest.setTimeout(120_000);

describeReal('the file for the mail server passes shellcheck', { programs: ['shellcheck'] }, () => {
  test('as POSIX sh', () => {
    execFileSync('shellcheck', ['--shell=sh', script]);
  });
});

/** What every Linux has; the rest is what a test adds. */
const always = 'awk cat cut date env grep hostname kill mkfifo mktemp rm sed sh sleep sort tr'.split(' ');

const alike = (report: Report & { exit: number }): unknown => ({ ...report, program: '', at: '' });

/** The German time of a report, to be compared. */
function secondsOfStand(text: string): number {
  const [, day, month, year, time] =
    /^Stand: {5}(\d\d)\.(\d\d)\.(\d{4}), (\d\d:\d\d:\d\d) Uhr$/m.exec(text) ?? [];
  return Date.parse(`${String(year)}-${String(month)}-${String(day)}T${String(time)}Z`) / 1000;
}

const of = (report: Report, finding: string): string[] =>
  report.results.filter((one) => one.finding === finding).map(({ check }) => check);

describeReal(
  'the file for the mail server, with the programs that happen to be there',
  { root: true, programs: [...Object.keys(programs), 'bash', 'busybox', 'dash', 'dig', 'host', 'nslookup'] },
  () => {
    const folders: string[] = [];
    let lab: Lab;

    /** A folder with these programs and no others; those of busybox where `busybox` is the first. */
    const withOnly = (names: readonly string[], busybox = false): string => {
      const folder = mkdtempSync(join(tmpdir(), 'mailversand-path-'));
      folders.push(folder);
      for (const name of names) {
        symlinkSync((busybox ? findProgram('busybox') : findProgram(name)) ?? name, join(folder, name));
      }
      return folder;
    };

    beforeAll(async () => {
      lab = await Lab.start(
        servers.filter(({ name }) => ['gesund', 'rueckwurf', 'nurtls', 'zu'].includes(name)),
      );
    });
    afterAll(async () => {
      for (const folder of folders) rmSync(folder, { recursive: true });
      await lab.end();
    });

    test.each([
      ['bash as the shell', ['bash'], undefined],
      ['busybox as the shell', ['busybox', 'sh'], undefined],
      ['host in place of dig', ['sh'], ['host', 'bash', 'openssl']],
    ] as const)('%s: the same report', async (_what, shell, more) => {
      const path = more && withOnly([...always, ...more]);
      for (const domain of ['gesund.example', 'zu.example']) {
        expect(alike(await lab.script(domain, shell, path))).toEqual(alike(await lab.command(domain)));
      }
    });

    test('nslookup in place of dig: the same, but for what it cannot ask', async () => {
      const report = await lab.script(
        'gesund.example',
        ['sh'],
        withOnly([...always, 'nslookup', 'bash', 'openssl']),
      );
      expect(of(report, 'no-program')).toEqual(['dns-dnssec', 'dns-tlsa']);
      const asked = ({ results }: Report): unknown =>
        results.filter(({ check }) => !/dnssec|tlsa/.test(check));
      expect(asked(report)).toEqual(asked(await lab.command('gesund.example')));
    });

    test('nothing but busybox: what it cannot ask is said, the rest is the same', async () => {
      const path = withOnly([...always, 'nc', 'nslookup'], true);
      const report = await lab.script('rueckwurf.example', [join(path, 'sh')], path);
      expect(of(report, 'no-program')).toEqual([
        'dns-dnssec',
        'dns-tlsa',
        'smtp-starttls',
        'smtp-certificate',
      ]);
      const asked = ({ results }: Report): unknown =>
        results.filter(({ check }) => !/dnssec|tlsa|starttls|certificate/.test(check));
      expect(asked(report)).toEqual(asked(await lab.command('rueckwurf.example')));
      expect((await lab.script('zu.example', [join(path, 'sh')], path)).results).toContainEqual(
        expect.objectContaining({ check: 'smtp-connect', finding: 'connect-refused' }),
      );
    });

    test('no openssl, and a server that speaks encrypted only: openssl is named', async () => {
      const report = await lab.script('nurtls.example', ['sh'], withOnly([...always, 'dig', 'bash']));
      expect(of(report, 'no-program')).toEqual([
        'smtp-starttls',
        'smtp-certificate',
        'smtp-null-sender',
        'smtp-postmaster',
        'smtp-unknown-recipient',
        'smtp-open-relay',
      ]);
    });

    test('no program for DNS and none for connections: everything says so', async () => {
      const report = await lab.script('gesund.example', ['sh'], withOnly(always));
      expect(new Set(report.results.map(({ finding }) => finding))).toEqual(new Set(['no-program']));
      expect(report.exit).toBe(0);
    });

    test('the text is the same as that of the command', async () => {
      const [command, file] = await Promise.all([
        lab.text('rueckwurf.example'),
        lab.scriptText('rueckwurf.example'),
      ]);
      const neutral = (text: string): string => text.replace(/^(Stand|Programm): .*$/gm, '$1');
      expect(neutral(file.stdout)).toBe(neutral(command.stdout));
      const [one = NaN, other = NaN] = [command, file].map(({ stdout }) => secondsOfStand(stdout));
      expect(Math.abs(one - other)).toBeLessThan(120);
      expect(file.stdout).toContain('- Unbekannter Empfänger (rueckwurf.example, mail.rueckwurf.example [');
    });

    test('on the server itself: its inside address, its own settings and the way out as well', async () => {
      const report = await lab.onServer(
        'gesund.example',
        '--innen',
        '192.168.10.5',
        '--ausgang',
        '192.168.10.5',
      );
      const here = report.results.filter(
        ({ server, domain }) => domain === '' || server === '[192.168.10.5]',
      );
      expect(here.map(({ check, finding }) => [check, finding])).toEqual([
        ['host-listen', 'listen-ok'],
        ['host-limit', 'limit-ok'],
        ['host-outgoing', 'outgoing-ok'],
        ['smtp-connect', 'connect-ok'],
        ['smtp-banner', 'banner-ok'],
        ['smtp-ehlo', 'ehlo-ok'],
        ['smtp-starttls', 'starttls-ok'],
        ['smtp-certificate', 'certificate-ok'],
        ['smtp-size', 'size-ok'],
        ['smtp-null-sender', 'null-sender-ok'],
        ['smtp-postmaster', 'postmaster-ok'],
        ['smtp-unknown-recipient', 'unknown-refused'],
        ['smtp-open-relay', 'relay-closed'],
      ]);
      const fromOutside = await lab.command('gesund.example');
      expect(report.results.filter((one) => !here.includes(one))).toEqual(fromOutside.results);
    });

    test('on a server that trusts itself, has a small limit and no way out', async () => {
      await lab.world.must(lab.world.enter('server'), ['postconf', '-e', 'message_size_limit=10240000']);
      const report = await lab.onServer('zu.example', '--innen', '192.168.10.6', '--ausgang', '203.0.113.53');
      const found = Object.fromEntries(
        report.results
          .filter(({ severity }) => severity !== 'ok')
          .map(({ check, server, finding }) => [`${check} ${server}`.trim(), finding]),
      );
      expect(found).toMatchObject({
        'smtp-connect mail.zu.example [198.51.100.44]': 'connect-not-from-here',
        'host-limit': 'limit-small',
        'host-outgoing': 'outgoing-blocked',
        'smtp-size [192.168.10.6]': 'size-small',
        'smtp-open-relay [192.168.10.6]': 'relay-not-from-here',
      });
    });

    test('no mail was sent by any of it, and nothing is left behind', async () => {
      const { stdout } = await lab.world.run(lab.world.enter('server'), ['postqueue', '-p']);
      expect(stdout).toContain('Mail queue is empty');
      expect(await readdir(join(lab.world.hostFolder('server'), 'var/mail'))).toEqual([]);
      expect(await readdir(lab.scratch)).toEqual([]);
    });

    test.each([
      [[], 'Die Domain fehlt.'],
      [['musterstadt'], 'Das ist keine Domain: musterstadt'],
      [['$(id).example'], 'Das ist keine Domain: $(id).example'],
      [['MUSTERSTADT.example'], 'klein geschrieben, wie musterstadt.example'],
      [['--von-innen', 'gesund.example'], 'Diese Angabe gibt es hier nicht: --von-innen'],
      [['--innen', '1;2', 'gesund.example'], 'Hinter --innen fehlt eine Adresse.'],
    ])('%j is refused with 4', async (argv, words) => {
      const { exitCode, stderr } = await lab.world.run([], ['sh', script, ...argv]);
      expect(exitCode).toBe(4);
      expect(stderr).toContain(words);
    });
  },
);
