import type { Context, Place } from '../context.js';

const title = 'Zwanzig Verbindungen zugleich';
const count = 20;

/** Every mail comes from the one alias address: the server must not treat it as one busy host. */
export async function parallel({ sides, protocol }: Context, { where, address, port }: Place): Promise<void> {
  protocol.begin(title, where);
  const all = await sides.relay.parallel(address, port, count);
  const served = all.filter(({ banner, hello }) => banner?.startsWith('220') && hello?.startsWith('250'));
  if (served.length === count) return protocol.passed(title, where, 'alle bedient');
  const words = all.find((one) => !served.includes(one) && one.banner?.startsWith('220') !== true)?.banner;
  const refusal = all.find(({ hello }) => hello !== undefined && !hello.startsWith('250'))?.hello;
  const said = words ?? refusal ?? 'ohne Antwort';
  protocol.failed(title, where, 'throttling', `${served.length} von ${count} bedient, die anderen: ${said}`);
}
