import type { MailServer } from '../../config/municipality.js';
import { Stop, type Context, type Place } from '../context.js';
import { SmtpError } from '../../smtp/reply.js';
import { silenceText } from './conversation.js';
import { encryption } from './encryption.js';
import { greeting } from './greeting.js';
import { lastMessage, messages } from './messages.js';
import { parallel } from './parallel.js';
import { reach } from './reach.js';
import { recipients } from './recipients.js';
import { sizes } from './size.js';

/**
 * Everything that can be tried from the relay at one customer mail server, on one port.
 * @returns the place, if the relay can deliver there: if not, mail through the relay would only show that again
 */
export async function server(
  context: Context,
  { inside, transfer }: MailServer,
  port: number,
): Promise<Place | undefined> {
  const { protocol, municipality } = context;
  const where = `Mailserver ${inside}, Transferadresse ${transfer}:${port}`;
  const place: Place = { where, address: transfer, port, inside, encrypted: false };
  let isLast = false;
  try {
    const pipe = await reach(context, place);
    const greeted = await greeting(context, place, pipe);
    place.encrypted = await encryption(context, place, greeted);
    const reachable: string[] = [];
    for (const { name } of municipality.domains) {
      if (await recipients(context, place, name)) reachable.push(name);
    }
    const [domain] = reachable;
    if (domain === undefined)
      protocol.skipped('Testnachrichten', where, 'erst, wenn das Testpostfach angenommen wird');
    const taking = domain !== undefined && (await messages(context, place, domain));
    await sizes(context, place, taking ? domain : undefined);
    await parallel(context, place);
    isLast = true;
    if (taking) await lastMessage(context, place, domain);
    return taking && (place.encrypted || municipality.tls === 'may') ? place : undefined;
  } catch (error) {
    if (error instanceof Stop) protocol.failed(error.title, where, error.fault, error.seen);
    else if (error instanceof SmtpError)
      protocol.failed('Gespräch', where, 'connection-lost', silenceText(error));
    else throw error;
    if (!isLast)
      protocol.skipped('Alles Weitere an diesem Mailserver', where, 'erst ohne diesen Fehler möglich');
    return undefined;
  }
}
