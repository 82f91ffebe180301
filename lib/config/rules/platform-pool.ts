import { splitPort } from '../fields/address.js';
import { problemWith, withPlatform, type FleetRule, type PlatformEntry } from '../fleet.js';
import { contains, isIpv4 } from '../ipv4.js';
import type { PlatformFile } from '../platform-file.js';
import type { Problem } from '../problem.js';
import type { Path } from '../yaml-places.js';
import { isInside, poolOf } from './pool.js';

export const platformPool: FleetRule = {
  id: 'platform-pool',
  why: "A host of the platform's inside the pool would lose its mail to the municipality that is given its address.",
  check: withPlatform((_, platform) => [...overlaps(platform), ...hostsInside(platform)]),
};

function overlaps(platform: PlatformEntry): Problem[] {
  const ranges = poolOf(platform.file);
  return ranges.flatMap((range, index) => {
    const before = ranges.slice(0, index);
    const at = before.findIndex((other) => contains(other, range.first) || contains(range, other.first));
    if (at === -1) return [];
    return problemWith(platform, ['transferPool', index], 'platform-pool', {
      found: `range ${String(platform.file.transferPool[index])}`,
      expected: `ranges that do not overlap: ${String(platform.file.transferPool[at])} has some of its addresses`,
      remedy: 'remove the smaller one',
    });
  });
}

function hostsInside(platform: PlatformEntry): Problem[] {
  const ranges = poolOf(platform.file);
  return hosts(platform.file)
    .filter(({ host }) => isIpv4(host) && isInside(ranges, host))
    .map(({ host, path }) =>
      problemWith(platform, path, 'platform-pool', {
        found: `address ${host}`,
        expected: 'an address outside transferPool',
        remedy: 'correct it, or take its range out of the pool',
      }),
    );
}

interface HostAt {
  host: string;
  path: Path;
}

/** Every host of the platform that mail or an engineer reaches in the Landesnetz. */
function hosts({ gateways, relays, register, tenants, ndbPartners }: PlatformFile): HostAt[] {
  return [
    ...Object.entries(gateways).map(([name, { ssh }]) => ({
      host: ssh.host,
      path: ['gateways', name, 'ssh', 'host'],
    })),
    ...Object.entries(relays).flatMap(([name, { addresses, ssh }]) => [
      { host: ssh.host, path: ['relays', name, 'ssh', 'host'] },
      ...Object.entries(addresses).map(([key, host]) => ({ host, path: ['relays', name, 'addresses', key] })),
    ]),
    { host: register.ssh.host, path: ['register', 'ssh', 'host'] },
    ...nextHops('tenants', tenants),
    ...nextHops('ndbPartners', ndbPartners),
  ];
}

const nextHops = (list: string, offices: PlatformFile['tenants']): HostAt[] =>
  Object.entries(offices).map(([name, { nextHop }]) => ({
    host: splitPort(nextHop, 25).host,
    path: [list, name, 'nextHop'],
  }));
