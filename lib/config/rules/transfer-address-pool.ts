import { problemWith, serversOf, withPlatform, type FleetRule } from '../fleet.js';
import { freeAddress, isUsable, poolOf } from './pool.js';

export const transferAddressPool: FleetRule = {
  id: 'transfer-address-pool',
  why: "The Landesnetz routes only the pool to the gateways; any other address is someone else's host.",
  check: withPlatform((fleet, platform) => {
    const ranges = poolOf(platform.file);
    const foreign = fleet.municipalities.flatMap((entry) =>
      serversOf(entry).flatMap(({ item: { transfer }, path }) =>
        transfer === undefined || isUsable(ranges, transfer) ? [] : [{ entry, transfer, path }],
      ),
    );
    if (foreign.length === 0) return [];
    const remedy = freeAddress(fleet);
    return foreign.map(({ entry, transfer, path }) =>
      problemWith(entry, [...path, 'transfer'], 'transfer-address-pool', {
        found: `transfer address ${transfer}`,
        expected: `an address inside the pool ${platform.file.transferPool.join(', ')}, not the first or last of a range`,
        remedy,
      }),
    );
  }),
};
