import { decisionText } from '../config/decision.js';
import type { Platform, SshEndpoint } from '../config/platform.js';
import { unnamedVantagePoint, type Endpoint, type ProviderConfig } from '../provider/provider-config.js';

/**
 * The provider's configuration for a platform. Always every gateway and relay, whatever a stack declares now: to take
 * away what it declared when the file named another one, the provider has to reach that too.
 */
export const providerConfig = (platform: Platform): ProviderConfig => ({
  gateways: platform.gateways.map(farEnd),
  relays: platform.relays.map((relay) => ({
    ...farEnd(relay),
    mxHosts: relay.mx.records.map(({ host }) => host),
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

const farEnd = ({ name, ssh, outage }: Pick<Platform['gateways'][number], 'name' | 'ssh' | 'outage'>) => ({
  name,
  ...endpoint(ssh),
  ...(outage && { outage: decisionText(outage) }),
});

// The key is empty where the platform file has none: the provider then refuses to connect, and says why.
const endpoint = ({ host, port, user, platformUser, hostKey = '' }: SshEndpoint): Endpoint => ({
  ...{ host, port, user, platformUser, hostKey },
});
