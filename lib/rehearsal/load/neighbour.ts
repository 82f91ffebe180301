import { stringify } from 'yaml';
import { parseRange, toAddress } from '../../config/ipv4.js';
import type { Municipality } from '../../config/municipality.js';
import type { Platform } from '../../config/platform.js';
import { RehearsalError } from '../error.js';

/** File name, stack and host of the invented municipality beside the one that is rehearsed. */
export const neighbourId = 'nachbarstadt';

/** The file of a second municipality on the same relay and gateway, whose line is cut to see what that does to others. */
export function neighbourFile(platform: Platform, { ags, network, servers }: Municipality): string {
  const link = platform.gateways[0]?.links.find(({ name }) => name !== network.link);
  const range = parseRange(platform.transferPool[0] ?? '');
  const [writer] = platform.dnsServers;
  if (!link || !range || !writer) {
    throw new RehearsalError(
      'For a neighbour the platform file needs a second customer link, a transfer pool and a DNS server.',
    );
  }
  const used = new Set(servers.map(({ transfer }) => transfer));
  let number = range.first + 1;
  while (used.has(toAddress(number))) number += 1;
  return stringify({
    name: 'Nachbarstadt',
    // The same Land and Kreis; a number that no municipality has.
    ags: `${ags.slice(0, 5)}999`,
    stage: 0,
    order: { reference: 'FS-REHEARSAL' },
    contacts: { technical: 'IT-Leitung', organisational: 'Hauptamt' },
    network: { link: link.name, relayAlias: '192.168.77.250' },
    servers: [{ inside: '192.168.77.5', transfer: toAddress(number) }],
    domains: [
      {
        name: `${neighbourId}.example`,
        writer: writer.name,
        mx: { ttl: 5, records: [`10 mail.${neighbourId}.example`] },
      },
    ],
  });
}
