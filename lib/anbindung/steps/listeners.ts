import type { Relay } from '../../config/platform.js';
import type { AcceptanceClass } from '../../migration/elements.js';
import { relayAcceptances } from '../../migration/relay.js';
import { connectFailureText } from '../connect-failure.js';
import { senderAddress, testAddress, type Context } from '../context.js';
import { SmtpClient } from '../../smtp/client.js';
import { listenerLimits } from '../sizes.js';
import { isOk, replyText, SmtpError } from '../../smtp/reply.js';
import { envelope, silenceText } from './conversation.js';

const titles: Record<AcceptanceClass, string> = {
  internal: 'Relay, Eingang intern',
  ndb: 'Relay, Eingang NdB',
  internet: 'Relay, Eingang Internet',
};

/** Where mail of a class comes into the relay, German. */
export const listenerPlace = ({ addresses }: Relay, kind: AcceptanceClass): string =>
  `${titles[kind]} (${addresses[kind]})`;

/** What the stage has opened at the relay takes the municipality's mail, what it has not does not; sizes as agreed. */
export async function listeners(context: Context): Promise<void> {
  for (const kind of ['internal', 'ndb', 'internet'] as const) await listener(context, kind);
}

async function listener(context: Context, kind: AcceptanceClass): Promise<void> {
  const { municipality, platform, relay, sides, times, protocol, host } = context;
  const address = relay.addresses[kind];
  const where = listenerPlace(relay, kind);
  protocol.begin('Annahme', where);
  const attempt = await sides.relay.connect(address, 25, times.connect);
  if ('failure' in attempt) return away(context, where, connectFailureText[attempt.failure]);
  const client = new SmtpClient(attempt.pipe, times);
  try {
    await client.reply();
    await client.hello(host);
    const taking = relayAcceptances(municipality, platform).filter((one) => one.class === kind);
    for (const { name } of municipality.domains) {
      await acceptance(
        context,
        client,
        where,
        name,
        taking.some(({ domain }) => domain === name),
      );
    }
    await limit(context, client, where, listenerLimits[kind]);
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error;
    away(context, where, silenceText(error));
  } finally {
    await client.quit();
  }
}

function away({ protocol }: Context, where: string, seen: string): void {
  protocol.failed('Verbindung', where, 'relay-listener-away', seen);
  protocol.skipped('Annahme und Größengrenze', where, 'erst, wenn der Eingang antwortet');
}

async function acceptance(
  context: Context,
  client: SmtpClient,
  where: string,
  domain: string,
  expected: boolean,
): Promise<void> {
  const { protocol } = context;
  const title = `Annahme für ${domain}`;
  const reply = await envelope(client, senderAddress(context), testAddress(context, domain));
  const seen = replyText(reply);
  if (isOk(reply) === expected) {
    protocol.passed(title, where, expected ? seen : `in diesem Abschnitt noch nicht: ${seen}`);
  } else protocol.failed(title, where, expected ? 'relay-not-accepting' : 'relay-accepts-early', seen);
}

/** Just below is taken, just above is refused before anything is sent. */
async function limit(context: Context, client: SmtpClient, where: string, bytes: number): Promise<void> {
  const { protocol } = context;
  const ask = async (size: number) => {
    await client.command('RSET');
    return client.command(`MAIL FROM:<${senderAddress(context)}> SIZE=${size}`);
  };
  const below = await ask(bytes);
  const above = await ask(bytes + 1);
  const seen = `${bytes} Bytes: ${replyText(below)}; ${bytes + 1} Bytes: ${replyText(above)}`;
  if (isOk(below) && !isOk(above)) protocol.passed('Größengrenze', where, seen);
  else protocol.failed('Größengrenze', where, 'relay-limit', seen);
}
