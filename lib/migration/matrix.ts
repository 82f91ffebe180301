import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { MatrixEntry } from './elements.js';
import { flows } from './flows.js';
import { relayOf } from './site.js';

const purposes = {
  eingehend: 'E-Mail vom Relay zum Kundenmailserver',
  ausgehend: 'E-Mail vom Kundenmailserver zum Relay',
};

/** Rows of the Freischaltungsmatrix, by the addresses that the Landesnetz sees: the transfer address stands for the server. */
export function matrix(m: Municipality, p: Platform): MatrixEntry[] {
  const { outgoing, customers } = relayOf(m, p).addresses;
  const { reference, approvedOn, validUntil } = m.order;
  return flows(m).map(({ direction, server: { transfer }, port }) => {
    const [source, destination] = direction === 'eingehend' ? [outgoing, transfer] : [transfer, customers];
    return {
      municipality: m.ags,
      entry: `${source}-${destination}-tcp-${port}`,
      source,
      destination,
      service: `tcp/${port}`,
      direction,
      purpose: purposes[direction],
      approval: approvedOn ?? '',
      owner: m.ags,
      order: reference,
      ...(validUntil === undefined ? {} : { validUntil }),
    };
  });
}
