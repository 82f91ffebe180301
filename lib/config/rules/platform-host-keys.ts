import { problemWith, withPlatform, type FleetRule } from '../fleet.js';
import type { PlatformFile } from '../platform-file.js';

/** Every rehearsal makes its own host keys and works on a copy that has them. */
const REHEARSAL = 'rehearsal';

export const platformHostKeys: FleetRule = {
  id: 'platform-host-keys',
  why: 'Whoever answers in place of a gateway without a known key gets its rules and decides its answers.',
  check: withPlatform((_, platform) =>
    platform.file.name === REHEARSAL
      ? []
      : endpoints(platform.file)
          .filter(({ ssh }) => ssh.hostKey === undefined)
          .map(({ ssh, path }) =>
            problemWith(platform, path, 'platform-host-keys', {
              found: `no hostKey for ${ssh.host}`,
              expected: 'one OpenSSH public host key for each SSH endpoint',
              remedy:
                'copy the first two words of its /etc/ssh/ssh_host_ed25519_key.pub, over a way you trust',
            }),
          ),
  ),
};

const endpoints = ({ gateways, relays, register }: PlatformFile) => [
  ...Object.entries(gateways).map(([name, { ssh }]) => ({ ssh, path: ['gateways', name, 'ssh'] })),
  ...Object.entries(relays).map(([name, { ssh }]) => ({ ssh, path: ['relays', name, 'ssh'] })),
  { ssh: register.ssh, path: ['register', 'ssh'] },
];
