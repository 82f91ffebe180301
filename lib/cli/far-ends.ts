import type { Platform, SshEndpoint } from '../config/platform.js';
import type { Endpoint } from '../provider/provider-config.js';
import { openTargets, type OpenTargets } from '../provider/targets/index.js';

/** Relays and register of a platform, as a command of an engineer reads them. Close it. */
export const openPlatform = ({ gateways, relays, register }: Platform): OpenTargets =>
  openTargets({
    gateways: gateways.map(({ name, ssh }) => ({ name, ...endpoint(ssh) })),
    relays: relays.map(({ name, ssh, mx }) => ({
      name,
      ...endpoint(ssh),
      mxHosts: mx.records.map(({ host }) => host),
    })),
    register: endpoint(register.ssh),
  });

const endpoint = ({ host, port, user, platformUser, hostKey = '' }: SshEndpoint): Endpoint => ({
  ...{ host, port, user, platformUser, hostKey },
});
