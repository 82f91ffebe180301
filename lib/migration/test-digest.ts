import { createHash } from 'node:crypto';
import type { Municipality, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { stageOfDomain } from './domains.js';
import { gatewayOf, relayOf } from './site.js';

/** Characters of the digest: enough to tell versions of one file apart. */
const length = 32;

/**
 * What a connection test has tested, as one word: servers, ports and addresses, the gateway's link, the relay, the
 * domains and how far each goes, TLS and sizes, the stage. A test that was passed for something else says nothing.
 */
export function testDigest(m: Municipality, p: Platform, stage: StageNumber = stageOfDomain(m, {})): string {
  const { addresses, mx } = relayOf(m, p);
  const tested = {
    servers: m.servers.map(({ inside, transfer, ports }) => [inside, transfer, ports]),
    network: [gatewayOf(m, p).name, m.network.link, m.network.relayAlias],
    relay: [m.relay, addresses, mx.records],
    domains: m.domains.map(({ name, stage: own }) => (own === undefined ? name : [name, own])),
    agreed: [m.tls, m.limits.internalMb, m.limits.internetMb, m.testMailbox, m.routing],
    stage,
  };
  return createHash('sha256').update(JSON.stringify(tested)).digest('hex').slice(0, length);
}
