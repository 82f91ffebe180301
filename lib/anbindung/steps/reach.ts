import type { Duplex } from 'node:stream';
import { gatewayOf } from '../../migration/site.js';
import { connectFailureText } from '../connect-failure.js';
import { Stop, type Context, type FlowKey, type Place } from '../context.js';
import { connectFault, flowText } from '../flow.js';

const title = 'Verbindung';

/** Route and TCP from the relay's address, through the gateway, to the server. @throws Stop with the fault */
export async function reach(context: Context, place: Place): Promise<Duplex> {
  const { municipality, platform, relay, sides, times, protocol } = context;
  protocol.begin(title, place.where);
  const key: FlowKey = {
    ingress: gatewayOf(municipality, platform).landesnetzLink,
    source: relay.addresses.outgoing,
    destination: place.address,
    port: place.port,
  };
  const before = await sides.flow(key);
  const attempt = await sides.relay.connect(place.address, place.port, times.connect);
  if ('pipe' in attempt) {
    protocol.passed(title, place.where, `steht nach ${attempt.milliseconds} ms`);
    return attempt.pipe;
  }
  const flows = { before, after: await sides.flow(key) };
  const expected = { ...place, relayAlias: municipality.network.relayAlias };
  const seen = `${connectFailureText[attempt.failure]}; am Gateway: ${flowText(flows)}`;
  throw new Stop(title, connectFault(attempt.failure, flows, expected), seen);
}
