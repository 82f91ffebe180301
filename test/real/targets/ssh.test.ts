import { jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedError, UnreachableError, type Target } from '../../../lib/provider/element.js';
import type { Endpoint } from '../../../lib/provider/provider-config.js';
import { openTargets, type OpenTargets } from '../../../lib/provider/targets/index.js';
import type { SessionTimes } from '../../../lib/provider/transport/session.js';
import { sshCommand } from '../../../lib/provider/transport/ssh.js';
import { describeReal } from '../requirements.js';
import { base, installFarEnd, Namespace, put, removeFarEnd, type FarEnd } from './lab.js';

// Other work may share the machine.
jest.setTimeout(120_000);

const group = 64_990;
const users = ['mv-gateway', 'mv-platform', 'mv-shell', 'mv-nothing', 'mv-wrong'];

/** sshd with users of its own, who exist only in its mount namespace. */
async function startSshd(farEnd: FarEnd, host: Namespace): Promise<void> {
  const { folder, programs, state } = farEnd;
  const keygen = (file: string): void => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, file)]);
  };
  for (const file of ['host_key', 'other_key', 'id', 'stranger']) keygen(file);
  mkdirSync(join(folder, 'keys'));
  for (const user of users) {
    writeFileSync(join(folder, 'keys', user), readFileSync(join(folder, 'id.pub')));
  }
  const passwd = users.map((user, i) => `${user}:*:${group + 1 + i}:${group}::/:/bin/sh\n`).join('');
  writeFileSync(join(folder, 'passwd'), readFileSync('/etc/passwd', 'utf8') + passwd);
  writeFileSync(join(folder, 'group'), `${readFileSync('/etc/group', 'utf8')}mailversand:x:${group}:\n`);
  const forced = (user: string, command: string): string => `Match User ${user}\n  ForceCommand ${command}`;
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host_key')}`,
      `AuthorizedKeysFile ${folder}/keys/%u`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      `PidFile ${join(folder, 'sshd.pid')}`,
      forced('mv-gateway', `${programs}/mailversand-gateway elements ${state} ${programs}`),
      forced('mv-platform', `${programs}/mailversand-gateway base ${state} ${programs}`),
      forced('mv-nothing', '/usr/local/lib/mailversand-absent/mailversand-gateway elements'),
      forced('mv-wrong', `${programs}/mailversand-register ${state}`),
      '',
    ].join('\n'),
  );
  for (const name of ['nft', 'conntrack']) {
    const copy = join(programs, name);
    execFileSync('install', ['-m', '0750', '-g', String(group), `/usr/sbin/${name}`, copy]);
    execFileSync('setcap', ['cap_net_admin+ep', copy]);
  }
  execFileSync('chown', [`${group + 1}:${group}`, state]);
  execFileSync('chmod', ['2770', state]);
  const script = `mount --bind ${folder}/passwd /etc/passwd; mount --bind ${folder}/group /etc/group
    mount -t tmpfs tmpfs /run/sshd 2>/dev/null || { mount -t tmpfs tmpfs /run; mkdir /run/sshd; }
    exec /usr/sbin/sshd -D -e -f ${folder}/sshd_config`;
  const sshd = host.start('unshare', '--mount', 'sh', '-c', script);
  for (;;) {
    const [data] = (await once(sshd.stderr, 'data')) as [Buffer];
    if (data.includes('Server listening')) return;
  }
}

describeReal(
  'far ends over SSH',
  { root: true, programs: ['sshd', 'ssh', 'ssh-keygen', 'setcap', 'nft', 'conntrack', 'unshare'] },
  () => {
    let farEnd: FarEnd;
    let host: Namespace;
    const knownHosts: RegExpExecArray[] = [];
    const open: OpenTargets[] = [];
    const configBefore = process.env['MAILVERSAND_SSH_CONFIG'];

    const publicKey = (file: string): string =>
      readFileSync(join(farEnd.folder, `${file}.pub`), 'utf8').trim();
    const targetsOf = (changes: Partial<Endpoint> = {}, times: SessionTimes = {}): OpenTargets => {
      const endpoint = {
        name: 'gw1',
        host: '127.0.0.1',
        port: 22,
        user: 'mv-gateway',
        platformUser: 'mv-platform',
        hostKey: publicKey('host_key'),
        ...changes,
      };
      const targets = openTargets(
        { gateways: [endpoint], relays: [], register: undefined },
        {
          times,
          connect: async (to, user) => {
            const command = await sshCommand(to, user);
            knownHosts.push(...command.args.join(' ').matchAll(/UserKnownHostsFile=(\S+)/g));
            const [program, ...enter] = host.enter as [string];
            return { ...command, program, args: [...enter, command.program, ...command.args] };
          },
        },
      );
      open.push(targets);
      return targets;
    };
    const gateway = (changes: Partial<Endpoint> = {}, times: SessionTimes = {}): Target =>
      targetsOf(changes, times)({ kind: 'gateway', name: 'gw1' });
    const clientKey = (file: string): void => {
      writeFileSync(
        join(farEnd.folder, 'ssh_config'),
        `IdentityFile ${join(farEnd.folder, file)}\nIdentitiesOnly yes\n`,
      );
    };

    beforeAll(async () => {
      farEnd = installFarEnd();
      host = new Namespace();
      await startSshd(farEnd, host);
      process.env['MAILVERSAND_SSH_CONFIG'] = join(farEnd.folder, 'ssh_config');
      clientKey('id');
      const platform = targetsOf();
      await put(platform({ kind: 'gateway-base', name: 'gw1' }), ...base({ c1: '101' }));
      await platform.close();
    });
    afterAll(() => {
      if (configBefore === undefined) Reflect.deleteProperty(process.env, 'MAILVERSAND_SSH_CONFIG');
      else process.env['MAILVERSAND_SSH_CONFIG'] = configBefore;
      host.remove();
      removeFarEnd(farEnd);
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map((targets) => targets.close()));
      clientKey('id');
      expect(knownHosts.filter(([, file = '']) => existsSync(file))).toEqual([]);
    });

    test('an unprivileged user with a forced command lists and writes, in one session', async () => {
      const opening = {
        map: 'allow',
        key: ['ln0', '10.64.0.10', '10.128.0.1', 'tcp', '25'],
        value: [],
        owner: '15001001',
        instance: 'i',
      };
      const target = gateway();
      await put(target, opening);
      expect(await target.list()).toEqual([opening]);
      await target.apply({ expect: [{ at: opening, found: opening }], put: [], remove: [opening] });
      expect(await target.list()).toEqual([]);
      const sessions = host.run('ss', '-Htn', 'state', 'established', 'sport', '=', ':22').trim().split('\n');
      expect(sessions).toHaveLength(1);
    });

    test('a session that ends between two requests is opened anew', async () => {
      const target = gateway();
      await target.list();
      execFileSync('pkill', ['-KILL', '-u', String(group + 1), '-f', farEnd.programs]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await target.list()).toEqual([]);
    });

    test('the forced command is all that the key opens', () => {
      const ssh = [
        'ssh',
        '-F',
        join(farEnd.folder, 'ssh_config'),
        '-o',
        'StrictHostKeyChecking=no',
        '-o',
        'UserKnownHostsFile=/dev/null',
        '-T',
      ];
      expect(host.run(...ssh, 'mv-gateway@127.0.0.1', 'id; nft flush ruleset')).toBe('hello gateway 1 1\n');
    });

    test.each<[string, () => Partial<Endpoint>, RegExp]>([
      [
        'another host key',
        () => ({ hostKey: publicKey('other_key') }),
        /host key is another than the one in the platform file/,
      ],
      [
        'a host key of another kind',
        () => ({
          hostKey:
            'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=',
        }),
        /host key is another than the one in the platform file/,
      ],
      ['a user who is not let in', () => ({ user: 'mv-stranger' }), /does not let this user in/],
      ['a refused connection', () => ({ port: 2222 }), /refuses the connection/],
      ['no way there', () => ({ host: '198.51.100.7' }), /no way to its address/],
      ['a name that does not resolve', () => ({ host: 'gateway.invalid' }), /name cannot be resolved/],
      ['a forced command that is not installed', () => ({ user: 'mv-nothing' }), /forced command is missing/],
      ['the forced command of another target', () => ({ user: 'mv-wrong' }), /answers as register/],
      [
        'a shell instead of a forced command',
        () => ({ user: 'mv-shell' }),
        /does not answer as a forced command would/,
      ],
    ])('%s: nothing is concluded, and the reason is said', async (_what, changes, reason) => {
      const target = gateway(changes(), { hello: 5000 });
      const answer = target.list();
      await expect(answer).rejects.toThrow(UnreachableError);
      await expect(answer).rejects.toThrow(reason);
      await expect(answer).rejects.toThrow(/^gateway gw1 \(mv-[a-z]+@[^)]+\) /);
    });

    test('a key that is not known there', async () => {
      clientKey('stranger');
      await expect(gateway().list()).rejects.toThrow(/does not let this user in: is your key loaded/);
    });

    test('a far end that swallows packets', async () => {
      host.run(
        'nft',
        'add table ip hole; add chain ip hole in { type filter hook input priority 0; }; add rule ip hole in tcp dport 2200 drop',
      );
      await expect(gateway({ port: 2200 }).list()).rejects.toThrow(/does not answer in time/);
      host.run('nft', 'delete table ip hole');
    });

    test.each([
      ['a host key of two lines', { hostKey: 'ssh-ed25519 AAAA\n* ssh-ed25519 BBBB' }],
      ['a host that is an option', { host: '-oProxyCommand=id' }],
      ['a user that is an option', { user: '-oProxyCommand=id' }],
    ])('%s is refused before anything is started', async (_what, changes) => {
      await expect(gateway(changes).list()).rejects.toThrow(RefusedError);
    });

    test('a far end that answers nothing any more is given up, and the next request starts anew', async () => {
      const target = gateway({}, { request: 1500 });
      await target.list();
      execFileSync('pkill', ['-STOP', '-u', String(group + 1), '-f', farEnd.programs]);
      await expect(target.list()).rejects.toThrow(/no answer within 1.5 s/);
      execFileSync('pkill', ['-CONT', '-u', String(group + 1), '-f', farEnd.programs]);
      expect(await target.list()).toEqual([]);
    });
  },
);
