import type { Entry } from '../fleet.js';
import type { PlatformFile } from '../platform-file.js';

interface NamedGateway {
  name: string;
  links: Record<string, number>;
}

/** The gateway that a file names or gets by default; undefined if that is none of the platform's. */
export function gatewayOf({ draft }: Entry, { gateways }: PlatformFile): NamedGateway | undefined {
  const all = Object.entries(gateways);
  const wanted = draft.network?.gateway;
  const found = wanted === undefined && all.length === 1 ? all[0] : all.find(([name]) => name === wanted);
  return found && { name: found[0], links: found[1].links };
}
