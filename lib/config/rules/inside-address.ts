import { problemWith, serversOf, withPlatform, type Entry, type FleetRule } from '../fleet.js';
import type { PlatformFile } from '../platform-file.js';
import type { Path } from '../yaml-places.js';
import { isInside, poolOf } from './pool.js';

export const insideAddress: FleetRule = {
  id: 'inside-address',
  why: "An inside address that is also the Landesnetz's would be routed there instead of to the municipality.",
  check: withPlatform(({ municipalities }, { file }) => {
    const ranges = poolOf(file);
    const own = new Set(platformAddresses(file));
    return municipalities.flatMap((entry) =>
      insideAddresses(entry)
        .filter(({ address }) => own.has(address) || isInside(ranges, address))
        .map(({ address, path }) =>
          problemWith(entry, path, 'inside-address', {
            found: `inside address ${address}`,
            expected:
              "an address of the municipality's own network, none of the transfer pool or the platform",
            remedy:
              "ask the municipality for the server's own address; its transfer address belongs into transfer",
          }),
        ),
    );
  }),
};

/** Addresses of the municipality's own network. */
function insideAddresses(entry: Entry): { address: string; path: Path }[] {
  const servers = serversOf(entry).map(({ item, path }) => ({
    address: item.inside,
    path: [...path, 'inside'],
  }));
  const alias = { address: entry.draft.network?.relayAlias, path: ['network', 'relayAlias'] };
  return [...servers, alias].flatMap(({ address, path }) =>
    address === undefined ? [] : [{ address, path }],
  );
}

const platformAddresses = ({ relays }: PlatformFile): string[] =>
  Object.values(relays).flatMap(({ addresses }) => Object.values(addresses));
