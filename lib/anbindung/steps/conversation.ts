import { connectFailureText } from '../connect-failure.js';
import { Stop, type Context, type Place } from '../context.js';
import { SmtpClient } from '../../smtp/client.js';
import type { Extensions } from '../../smtp/extensions.js';
import { isOk, replyText, SmtpError, type Reply } from '../../smtp/reply.js';

export interface Conversation {
  client: SmtpClient;
  offers: Extensions;
}

/** German, for a report. */
export function silenceText(error: SmtpError): string {
  if (error.silence === 'timeout')
    return `keine Antwort (${error.message.replace('no answer within', 'gewartet:')})`;
  if (error.silence === 'closed') return 'die Verbindung wurde beendet';
  return `keine SMTP-Antwort: „${error.message}“`;
}

/**
 * One more connection to a place that was reached before, greeted and encrypted like the first.
 * @throws Stop when that does not succeed any more: then the test itself got the relay blocked
 */
export async function converse(context: Context, place: Place, title: string): Promise<Conversation> {
  const { sides, times, host } = context;
  const attempt = await sides.relay.connect(place.address, place.port, times.connect);
  const blocked = (seen: string): Stop => new Stop(title, 'blocked-by-test', seen);
  if ('failure' in attempt) throw blocked(`keine Verbindung mehr (${connectFailureText[attempt.failure]})`);
  const client = new SmtpClient(attempt.pipe, times);
  try {
    const banner = await client.reply();
    if (banner.code !== 220) throw blocked(`Begrüßung: ${replyText(banner)}`);
    const { reply, offers } = await client.hello(host);
    if (!offers) throw blocked(`EHLO: ${replyText(reply)}`);
    if (!place.encrypted) return { client, offers };
    const go = await client.command('STARTTLS');
    if (go.code !== 220) throw blocked(`STARTTLS: ${replyText(go)}`);
    await client.startTls(host);
    const again = await client.hello(host);
    if (!again.offers) throw blocked(`EHLO: ${replyText(again.reply)}`);
    return { client, offers: again.offers };
  } catch (error) {
    client.close();
    if (error instanceof Stop) throw error;
    // What is no silence is the TLS library's: it worked before.
    throw blocked(error instanceof SmtpError ? silenceText(error) : (error as Error).message);
  }
}

/** MAIL and RCPT after RSET. @returns the first answer that refuses, or the answer to RCPT */
export async function envelope(
  client: SmtpClient,
  sender: string,
  recipient: string,
  size?: number,
): Promise<Reply> {
  const parameter = size === undefined ? '' : ` SIZE=${size}`;
  const reset = await client.command('RSET');
  if (!isOk(reset)) return reset;
  const mail = await client.command(`MAIL FROM:<${sender}>${parameter}`);
  return isOk(mail) ? client.command(`RCPT TO:<${recipient}>`) : mail;
}
