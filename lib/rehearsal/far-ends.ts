import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform, SshEndpoint } from '../config/platform.js';
import { placeFile, templatePath } from './files.js';
import { logged } from './services.js';
import type { World } from './world.js';

/** A host that engine and provider reach over SSH. */
interface FarEnd {
  host: 'gateway' | 'relay' | 'register';
  ssh: SshEndpoint;
  /** Templates that stand beside each other in /usr/local/lib/mailversand. */
  files: string[];
  /** Forced commands by user. */
  commands: Record<string, string>;
}

const programs = '/usr/local/lib/mailversand';
const firstId = 64_900;

function farEnd(
  host: FarEnd['host'],
  ssh: SshEndpoint,
  files: string[],
  platformToo: boolean,
  more: Record<string, string> = {},
): FarEnd {
  const command = `${programs}/mailversand-${host}`;
  return {
    host,
    ssh,
    files: ['mailversand-session', `${host}/mailversand-${host}`, ...files],
    commands: platformToo
      ? { [ssh.user]: `${command} elements`, [ssh.platformUser]: `${command} base`, ...more }
      : { [ssh.user]: command },
  };
}

/** The far ends of a platform, one each. */
export function farEnds({ gateways, relays, register, transferPool }: Platform): FarEnd[] {
  return [
    ...gateways.map(({ ssh }) => farEnd('gateway', ssh, ['gateway/base.nft'], true)),
    ...relays.map(({ ssh, addresses: { outgoing, internal, ndb, internet } }) => {
      const reach = [outgoing, transferPool.join(','), [internal, ndb, internet].join(',')].join(' ');
      const programsToo = ['policy', 'sizes', 'probe'].map((name) => `relay/mailversand-${name}`);
      return farEnd('relay', ssh, programsToo, true, {
        [ssh.probeUser]: `${programs}/mailversand-probe ${reach} /var/log/mail.log`,
      });
    }),
    farEnd('register', register.ssh, [], false),
  ];
}

/** Where the client's keys lie in a run folder: one for municipalities' elements, one for the platform's base. */
const clientKeys = (runDir: string): { engineer: string; platform: string } => ({
  engineer: join(runDir, 'keys', 'engineer'),
  platform: join(runDir, 'keys', 'platform'),
});

const keygen = (world: World, file: string): Promise<string> =>
  world.must([], ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `rehearsal ${world.id}`, '-f', file]);

/** Makes the client's keys and its configuration. @returns path of the configuration */
export async function makeSshClient(world: World, platformUser: string): Promise<string> {
  const keys = clientKeys(world.runDir);
  await mkdir(join(world.runDir, 'keys'), { recursive: true, mode: 0o700 });
  await Promise.all([keygen(world, keys.engineer), keygen(world, keys.platform)]);
  const file = join(world.runDir, 'ssh_config');
  const config = [
    `Match user ${platformUser}`,
    `  IdentityFile ${keys.platform}`,
    `Match user "*,!${platformUser}"`,
    `  IdentityFile ${keys.engineer}`,
    'Match all',
    '  IdentitiesOnly yes',
    '',
  ].join('\n');
  await writeFile(file, config, { mode: 0o600 });
  return file;
}

/** Installs and starts one far end. @returns its public host key */
export async function installFarEnd(world: World, { host, ssh, files, commands }: FarEnd): Promise<string> {
  const folder = world.hostFolder(host);
  const keys = clientKeys(world.runDir);
  const users = Object.keys(commands);
  await mkdir(join(folder, 'etc/ssh'), { recursive: true });
  await Promise.all([
    keygen(world, join(folder, 'etc/ssh/host_key')),
    ...files.map(async (file) =>
      placeFile(folder, {
        path: `${programs}/${file.split('/').at(-1) ?? file}`,
        content: await readFile(templatePath(...file.split('/')), 'utf8'),
        mode: 0o755,
      }),
    ),
    placeFile(folder, { path: '/etc/ssh/sshd_config', content: sshdConfig(ssh, commands) }),
    // `*` is no password; useradd's `!` would lock the account, which sshd without PAM refuses.
    append(
      folder,
      'etc/passwd',
      users.map((user, index) => `${user}:*:${firstId + 1 + index}:${firstId}::/run:/bin/sh`),
    ),
    append(folder, 'etc/group', [`mailversand:x:${firstId}:`]),
    ...users.map(async (user) => {
      const key = user === ssh.platformUser ? keys.platform : keys.engineer;
      await placeFile(folder, {
        path: `/etc/ssh/authorized_keys/${user}`,
        content: await readFile(`${key}.pub`, 'utf8'),
      });
    }),
  ]);
  const script = await readFile(templatePath('rehearsal', 'far-end.sh'), 'utf8');
  await world.must(world.enter(host), ['sh', '-s', '--', host, ssh.user], script);
  await logged(world, host, 'sshd.log', /Server listening on/);
  const [type = '', key = ''] = (await readFile(join(folder, 'etc/ssh/host_key.pub'), 'utf8')).split(' ');
  return `${type} ${key}`;
}

async function append(folder: string, file: string, lines: string[]): Promise<void> {
  await writeFile(join(folder, file), `${lines.join('\n')}\n`, { flag: 'a' });
}

const sshdConfig = ({ host, port }: SshEndpoint, commands: Record<string, string>): string =>
  [
    `ListenAddress ${host}`,
    `Port ${port}`,
    'HostKey /etc/ssh/host_key',
    'AuthorizedKeysFile /etc/ssh/authorized_keys/%u',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    `AllowUsers ${Object.keys(commands).join(' ')}`,
    ...Object.entries(commands).flatMap(([user, command]) => [
      `Match User ${user}`,
      `  ForceCommand ${command}`,
      '  DisableForwarding yes',
      '  PermitTTY no',
    ]),
    '',
  ].join('\n');
