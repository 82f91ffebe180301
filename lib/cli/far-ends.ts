import type { Platform, SshEndpoint } from '../config/platform.js';
import { openFarEnds } from '../provider/far-ends.js';
import { type Endpoint, type ProviderConfig, unnamedVantagePoint } from '../provider/provider-config.js';
import { openTargets, type OpenTargets } from '../provider/targets/index.js';

/** Relays and register of a platform, as a command of an engineer reads them. Close it. */
export const openPlatform = (platform: Platform): OpenTargets => openTargets(configOf(platform));

/** Everything that the gate looks at, as the provider would. Close it. */
export const openAll = (platform: Platform): ReturnType<typeof openFarEnds> =>
  openFarEnds(configOf(platform));

const configOf = (platform: Platform): ProviderConfig => ({
  gateways: platform.gateways.map(({ name, ssh }) => ({ name, ...endpoint(ssh) })),
  relays: platform.relays.map(({ name, ssh, mx }) => ({
    name,
    ...endpoint(ssh),
    mxHosts: mx.records.map(({ host }) => host),
  })),
  register: endpoint(platform.register.ssh),
  observers: [...new Set(platform.dnsServers.flatMap(({ authoritative }) => authoritative))],
  vantagePoint: { ...unnamedVantagePoint, ...platform.vantagePoint },
  limits: {
    testValidity: platform.testValidity,
    queueLimit: platform.queueLimit,
    senderQueueLifetime: platform.senderQueueLifetime,
    silenceTime: platform.silenceTime,
  },
});

const endpoint = ({ host, port, user, platformUser, hostKey = '' }: SshEndpoint): Endpoint => ({
  ...{ host, port, user, platformUser, hostKey },
});
