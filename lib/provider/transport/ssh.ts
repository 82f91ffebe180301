import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefusedError } from '../element.js';
import type { Endpoint } from '../provider-config.js';
import type { Command } from './session.js';

const hostKeyPattern = /^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\n\r]*)?$/;
const namePattern = /^[A-Za-z0-9_[][A-Za-z0-9._:\]%-]*$/;

/**
 * OpenSSH's client, so that people's ~/.ssh/config, agents, jump hosts and hardware keys work; strict by the one
 * host key of the platform file, whatever their known_hosts say.
 */
export async function sshCommand(endpoint: Endpoint, user: string): Promise<Command> {
  const { host, port, hostKey } = endpoint;
  if (!hostKeyPattern.test(hostKey)) {
    throw new RefusedError(
      `the host key of ${host} is ${JSON.stringify(hostKey.slice(0, 60))}, allowed is one public key as ssh-keyscan prints it behind the host: ssh-ed25519 AAAA…`,
    );
  }
  for (const name of [host, user]) {
    if (!namePattern.test(name))
      throw new RefusedError(`${JSON.stringify(name)} is no name of a host or user`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'mailversand-ssh-'));
  await chmod(folder, 0o700);
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `${host} ${hostKey}\n`, { mode: 0o600 });
  const options = {
    BatchMode: 'yes',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: host,
    UpdateHostKeys: 'no',
    ConnectTimeout: '10',
    ServerAliveInterval: '5',
    ServerAliveCountMax: '3',
  };
  const config = process.env['MAILVERSAND_SSH_CONFIG'];
  return {
    program: 'ssh',
    args: [
      '-T',
      ...(config ? ['-F', config] : []),
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      ...['-p', String(port), '-l', user, '--', host],
    ],
    connected: () => rm(folder, { recursive: true, force: true }),
  };
}
