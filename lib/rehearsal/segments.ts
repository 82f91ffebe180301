import ipaddr from 'ipaddr.js';
import { RehearsalError } from './error.js';

/** The two segments everything hangs on: the open Internet and the Landesnetz. */
export type Segment = 'world' | 'ln';

const segments: Record<Segment, string[]> = {
  world: ['203.0.113.0/24', '198.51.100.0/24'],
  ln: ['10.64.0.0/24'],
};

/** Which segment an address of the platform file is on. */
export function segmentOf(address: string): Segment {
  for (const segment of ['world', 'ln'] as const) {
    if (segments[segment].some((range) => ipaddr.parse(address).match(ipaddr.parseCIDR(range))))
      return segment;
  }
  throw new RehearsalError(
    `The platform file names ${address}, which is outside the rehearsal's networks (${segments.world.join(', ')}; ${segments.ln.join(', ')}). Rehearse with stacks/platforms/rehearsal.yaml.`,
  );
}

/** The Internet is one bridge with two ranges on it: what is not a host's own range is on-link too. */
export const worldRoutes = (addresses: string[], device: string): string[] =>
  segments.world
    .filter((range) => !addresses.some((address) => ipaddr.parse(address).match(ipaddr.parseCIDR(range))))
    .map((range) => `route add ${range} dev ${device} src ${addresses[0] ?? ''}`);
