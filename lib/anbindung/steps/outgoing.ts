import { outwardFlows } from '../../migration/flows.js';
import type { Context } from '../context.js';

/** Before stage 4 nothing goes out; from then on the opening is there. */
export async function outgoing(context: Context): Promise<void> {
  const { municipality, sides, protocol } = context;
  const open = outwardFlows(municipality);
  for (const { inside } of municipality.servers) {
    const where = `${inside} → ${municipality.network.relayAlias}:25`;
    protocol.begin('Weg nach außen', where);
    const { allowed } = await sides.flow({
      ingress: municipality.network.link,
      source: inside,
      destination: municipality.network.relayAlias,
      port: 25,
    });
    const expected = open.some(({ server }) => server.inside === inside);
    const seen = allowed === undefined ? 'geschlossen' : 'offen';
    if ((allowed !== undefined) === expected) {
      protocol.passed('Weg nach außen', where, `${seen}, wie in diesem Abschnitt vorgesehen`);
    } else
      protocol.failed('Weg nach außen', where, expected ? 'outgoing-closed' : 'outgoing-open-early', seen);
  }
}
