import { jest } from '@jest/globals';
import type { Element, Target } from '../../../lib/provider/element.js';
import { usualLimits } from '../../../lib/provider/provider-config.js';
import type { OpenTargets } from '../../../lib/provider/targets/index.js';
import { MailServer } from '../relay/mail-server.js';
import { describeReal } from '../requirements.js';
import { say as dialogue } from './dialogue.js';
import {
  installFarEnd,
  localTargets,
  Namespace,
  put,
  relayAddresses as addresses,
  removeFarEnd,
  type FarEnd,
} from './lab.js';
import { startRelay, type RunningPostfix } from './postfix.js';

// Other work may share the machine.
jest.setTimeout(120_000);

const owned = { owner: '15001001', instance: 'i', order: 'MP-1' };
const accepted = (of: string, domain: string): Element => ({
  map: `accept_${of}`,
  key: [domain],
  value: ['OK'],
  ...owned,
});
const route: Element = {
  map: 'transport',
  key: ['muster.example'],
  value: ['[10.64.0.99]:25=may'],
  ...owned,
};

describeReal(
  'the relay’s Postfix',
  { root: true, programs: ['postfix', 'postmap', 'openssl', 'unshare'] },
  () => {
    let farEnd: FarEnd;
    let host: Namespace;
    let targets: OpenTargets;
    let relay: Target;
    let postfix: RunningPostfix;
    const say = (to: string, from: string, ...lines: string[]): string[] =>
      dialogue(host, to, from, ...lines);
    /** The answer to RCPT. */
    const recipient = (to: keyof typeof addresses, from: string, sender: string, address: string): string =>
      say(addresses[to], from, `MAIL FROM:<${sender}>`, `RCPT TO:<${address}>`).at(-1) ?? '';

    beforeAll(async () => {
      farEnd = installFarEnd();
      host = new Namespace();
      for (const address of ['10.64.0.20', '10.64.0.99', '10.128.0.1', '10.128.0.2', '198.51.100.30'])
        host.ip(`addr add ${address}/32 dev lo`);
      postfix = await startRelay(farEnd, host, ['smtp_connect_timeout = 1s']);
      targets = localTargets(farEnd, postfix.enter);
      relay = targets({ kind: 'relay', name: 'relay1' });
      await put(targets({ kind: 'relay-base', name: 'relay1' }), {
        map: 'base',
        key: ['relay1'],
        value: [],
        owner: 'platform',
      });
    });
    afterAll(async () => {
      await targets.close();
      await postfix.stop();
      host.remove();
      removeFarEnd(farEnd);
    });
    afterEach(async () => {
      await relay.apply({ expect: [], put: [], remove: await relay.list() });
    });

    test.each(['internet', 'ndb', 'internal'] as const)(
      'the %s listener accepts what is accepted for it, and defers the rest',
      async (of) => {
        const ask = (to: keyof typeof addresses, address: string): string =>
          recipient(to, '198.51.100.30', 'a@sender.example', address);
        expect(ask(of, 'b@muster.example')).toMatch(/^4\d\d /);
        // The Internet listener asks the municipality's server about the recipient.
        const server = await MailServer.start(host, '10.64.0.99', 'mail.muster.example');
        await put(relay, route, accepted(of, 'muster.example'));
        expect(ask(of, 'b@muster.example')).toMatch(/^250 /);
        expect(ask(of, 'b@sub.muster.example')).toMatch(/^4\d\d /);
        for (const other of (['internet', 'ndb', 'internal'] as const).filter((name) => name !== of)) {
          expect(ask(other, 'b@muster.example')).toMatch(/^4\d\d /);
        }
        server.stop();
      },
    );

    test('tenants send anywhere through the internal listener, and only there', () => {
      expect(recipient('internal', '10.64.0.20', 'a@tenant.example', 'b@anywhere.example')).toMatch(/^250 /);
      expect(recipient('internet', '10.64.0.20', 'a@tenant.example', 'b@anywhere.example')).toMatch(
        /^4\d\d /,
      );
    });

    test('a municipality sends under its own domains and with the null sender, others are deferred', async () => {
      const ask = (client: string, sender: string): string =>
        recipient('customers', client, sender, 'b@anywhere.example');
      expect(ask('10.128.0.1', '')).toMatch(/^451 .*not a permitted client/);
      await put(relay, {
        map: 'clients',
        key: ['10.128.0.1'],
        value: ['defer', 'b.example', 'muster.example'],
        ...owned,
      });
      expect(ask('10.128.0.1', 'a@MUSTER.example')).toMatch(/^250 /);
      expect(ask('10.128.0.1', '')).toMatch(/^250 /);
      for (const sender of [
        'a@other.example',
        'a@sub.muster.example',
        'a@example',
        'a@b.example,muster.example',
        '"*"@*',
        'root',
      ]) {
        expect(ask('10.128.0.1', sender)).toMatch(/^(451|501|503) /);
      }
      expect(ask('10.128.0.2', 'a@muster.example')).toMatch(/^451 .*not a permitted client/);
    });

    test('100 MB are announced to all but the Internet, which has 35', () => {
      const size = (to: keyof typeof addresses): string | undefined =>
        /SIZE (\d+)/.exec(say(addresses[to], '198.51.100.30')[1] ?? '')?.[1];
      expect([size('internet'), size('ndb'), size('internal'), size('customers')]).toEqual([
        '36700160',
        '104857600',
        '104857600',
        '104857600',
      ]);
      expect(say(addresses.internet, '198.51.100.30')[1]).toContain('STARTTLS');
    });

    test.each(Object.keys(addresses) as (keyof typeof addresses)[])(
      'the %s listener offers nobody to flush queues, nor addresses that next hops do not know',
      (to) => {
        const [, ehlo, etrn] = say(addresses[to], '198.51.100.30', 'ETRN muster.example');
        expect(ehlo).not.toMatch(to === 'internet' ? /ETRN|SMTPUTF8|DSN/ : /ETRN|SMTPUTF8/);
        expect(etrn).toMatch(/^5\d\d /);
        expect(recipient(to, '198.51.100.30', 'a@sender.example> SMTPUTF8 X=<', 'b@muster.example')).toMatch(
          /^5\d\d /,
        );
      },
    );

    test('a mail that is smuggled in another stays a part of it', async () => {
      await put(relay, route, accepted('internal', 'muster.example'));
      for (const end of ['\n.\n', '\n.\r\n', '\r\n.\n']) {
        const before = await targets.queue('relay1', 'muster.example');
        const smuggled =
          'MAIL FROM:<forged@muster.example>\r\nRCPT TO:<c@muster.example>\r\nDATA\r\nSubject: y\r\n\r\ny';
        const answers = say(
          addresses.internal,
          '10.64.0.20',
          'MAIL FROM:<a@sender.example>',
          'RCPT TO:<b@muster.example>',
          'DATA',
          `Subject: x\r\n\r\nx${end}${smuggled}\r\n.`,
        );
        expect(answers.at(-1)).toMatch(/^250 .*queued/);
        expect(await targets.queue('relay1', 'muster.example')).toBe(before + 1);
      }
      expect(postfix.log()).not.toContain('forged@muster.example');
      host.run(...postfix.enter, 'postsuper', '-d', 'ALL');
    });

    test('who talks without waiting for answers is not talked to', () => {
      const pipelined = 'MAIL FROM:<a@sender.example>\r\nRCPT TO:<b@muster.example>';
      const script = `require('net').connect({ host: '${addresses.internet}', port: 25 }).on('data', (data) => process.stdout.write(data)).end('HELO x.example\r\n${pipelined}\r\nQUIT\r\n')`;
      expect(host.run('node', '-e', script.replaceAll('\r\n', '\\r\\n'))).toMatch(/^(554|503) /m);
    });

    test('<postmaster> is somebody', async () => {
      await put(relay, { ...route, key: ['landesamt.example'] });
      const server = await MailServer.start(host, '10.64.0.99', 'mail.landesamt.example');
      say(
        addresses.internet,
        '198.51.100.30',
        'MAIL FROM:<a@sender.example>',
        'RCPT TO:<Postmaster>',
        'DATA',
        'Subject: to whom it may concern\r\n\r\nx\r\n.',
      );
      expect((await server.mail('to whom it may concern')).to).toEqual(['postmaster@landesamt.example']);
      server.stop();
    });

    test('mail that waits is counted by domain, and a withdrawn route keeps it instead of bouncing it', async () => {
      const other: Element = { ...route, key: ['other.example'] };
      await put(relay, route, accepted('internal', 'muster.example'));
      await put(relay, other, accepted('internal', 'other.example'));
      const send = (...to: string[]): void => {
        const answers = say(
          addresses.internal,
          '198.51.100.30',
          'MAIL FROM:<a@muster.example>',
          ...to.map((address) => `RCPT TO:<${address}>`),
          'DATA',
          'Subject: x\r\n\r\nx\r\n.',
        );
        expect(answers.at(-1)).toMatch(/^250 .*queued/);
      };
      expect(await targets.queue('relay1', 'muster.example')).toBe(0);
      send('b@muster.example', 'C@Muster.example');
      expect(await targets.queue('relay1', 'muster.example')).toBe(2);
      expect(await targets.queue('relay1', 'er.example')).toBe(0);
      send('from.muster@other.example');
      expect(await targets.queue('relay1', 'muster.example')).toBe(2);
      expect(await targets.queue('relay1', 'other.example')).toBe(1);
      expect(await targets.behindLock('relay1', 'muster.example')).toBeUndefined();
      await relay.apply({ expect: [], put: [], remove: [route] });
      send('d@muster.example');
      await targets.flush('relay1', 'muster.example');
      const log = async (): Promise<string> => {
        for (let i = 0; i < 100; i++) {
          const text = postfix.log();
          if (/d@muster\.example.*status=deferred.*route withdrawn/.test(text)) return text;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return '';
      };
      expect(await log()).toContain('4.4.1');
      expect(await targets.queue('relay1', 'muster.example')).toBe(3);
      expect(await targets.behindLock('relay1', 'muster.example')).toBe(3);
      expect(await targets.behindLock('relay1', 'other.example')).toBeUndefined();
      expect(await targets.deferred('relay1', 'muster.example')).toBeGreaterThan(0);
      expect(await targets.deferred('relay1', 'er.example')).toBe(0);
    });

    test('a relay that is set otherwise gets nothing: what is wrong, what it must be', async () => {
      host.run(...postfix.enter, 'postconf', '-e', 'parent_domain_matches_subdomains = smtpd_access_maps');
      const other = localTargets(farEnd, postfix.enter);
      const write = put(other({ kind: 'relay', name: 'relay1' }), route);
      await expect(write).rejects.toThrow(
        'relay relay1 (elements@here) is set otherwise than templates/relay asks for:\n- main.cf: parent_domain_matches_subdomains is `smtpd_access_maps`, it must be empty: a domain means this domain, not those below it\nNothing was read or written.',
      );
      await other.close();
      host.run(...postfix.enter, 'postconf', '-e', 'parent_domain_matches_subdomains =');
      expect(await relay.list()).toEqual([]);
    });

    test('a relay with a laboratory’s times is none of a data centre, whose senders keep mail for days', async () => {
      const listed = async (): Promise<Element[]> => {
        const production = localTargets(farEnd, postfix.enter, [], usualLimits);
        return production({ kind: 'relay', name: 'relay1' })
          .list()
          .finally(() => production.close());
      };
      await expect(listed()).rejects.toThrow(
        'main.cf: smtp_connect_timeout is `1s`, it must be at least 5s and at most 30s',
      );
      host.run(...postfix.enter, 'postconf', '-e', 'smtp_connect_timeout = 5s');
      expect(await listed()).toEqual([]);
      host.run(...postfix.enter, 'postconf', '-e', 'smtp_connect_timeout = 1s');
    });

    test('nothing in its log is a mistake of the templates', () => {
      expect(
        postfix
          .log()
          .split('\n')
          .filter(
            (line) =>
              /(warning|error|fatal|panic):/.test(line) &&
              !/connect to|dangling|dns|hostname|illegal address/i.test(line),
          ),
      ).toEqual([]);
    });
  },
);
