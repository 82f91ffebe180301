import { senderAddress, testAddress, type Context, type Place } from '../context.js';
import { postmasterFault, recipientFault } from '../refusal.js';
import type { SmtpClient } from '../../smtp/client.js';
import { isOk, isPermanent, replyText } from '../../smtp/reply.js';
import { converse, envelope } from './conversation.js';

/** RCPT for what must be taken and for what must not, for one domain. @returns whether mail to it can be sent */
export async function recipients(context: Context, place: Place, domain: string): Promise<boolean> {
  const title = `Empfänger ${domain}`;
  context.protocol.begin(title, place.where);
  const { client } = await converse(context, place, title);
  const agreed = await agreedMailbox(context, place, client, domain);
  // A server that does not know the domain, or takes nobody, says nothing about the rest.
  if (!agreed)
    context.protocol.skipped(
      `Andere Empfänger und Absender bei ${domain}`,
      place.where,
      'erst, wenn das Testpostfach angenommen wird',
    );
  else {
    await postmaster(context, place, client, domain);
    const strict = await unknownMailbox(context, place, client, domain);
    await foreign(context, place, client, domain, strict);
    await nullSender(context, place, client, domain);
  }
  await client.quit();
  return agreed;
}

async function agreedMailbox(
  context: Context,
  { where }: Place,
  client: SmtpClient,
  domain: string,
): Promise<boolean> {
  const address = testAddress(context, domain);
  const title = `Testpostfach ${address}`;
  const reply = await envelope(client, senderAddress(context), address);
  if (isOk(reply)) context.protocol.passed(title, where, replyText(reply));
  else
    context.protocol.failed(title, where, recipientFault(reply), `${address}: ${replyText(reply)}`, domain);
  return isOk(reply);
}

/**
 * The one recipient that every domain must have (RFC 5321 §4.5.1), so the gate asks for it on the day the MX moves.
 * The agreed mailbox was just taken from the same client and sender: what refuses for good here is about this one.
 */
async function postmaster(
  context: Context,
  { where }: Place,
  client: SmtpClient,
  domain: string,
): Promise<void> {
  const address = `postmaster@${domain}`;
  const title = `Empfänger ${address}`;
  const reply = await envelope(client, senderAddress(context), address);
  if (isOk(reply)) return context.protocol.passed(title, where, replyText(reply));
  context.protocol.failed(title, where, postmasterFault(reply), `${address}: ${replyText(reply)}`, domain);
}

/** @returns whether the server refuses mailboxes that do not exist */
async function unknownMailbox(
  context: Context,
  { where }: Place,
  client: SmtpClient,
  domain: string,
): Promise<boolean> {
  const title = `Unbekanntes Postfach bei ${domain}`;
  const reply = await envelope(
    client,
    senderAddress(context),
    `unbekannt-${context.sides.newId()}@${domain}`,
  );
  if (isPermanent(reply)) context.protocol.passed(title, where, `abgewiesen: ${replyText(reply)}`);
  else if (isOk(reply))
    context.protocol.failed(title, where, 'backscatter', `angenommen: ${replyText(reply)}`);
  else context.protocol.failed(title, where, recipientFault(reply), replyText(reply));
  return isPermanent(reply);
}

/** What would lead out again is refused, whoever the sender claims to be. The foreign mailbox is the test's own. */
async function foreign(
  context: Context,
  { where }: Place,
  client: SmtpClient,
  domain: string,
  strict: boolean,
): Promise<void> {
  const { protocol, host } = context;
  const outside = senderAddress(context);
  const refuses = async (
    title: string,
    fault: 'open-relay' | 'open-relay-routing' | 'own-sender-trusted',
    sender: string,
    recipient: string,
  ): Promise<boolean> => {
    const reply = await envelope(client, sender, recipient);
    const asked = `MAIL FROM:<${sender}>, RCPT TO:<${recipient}>`;
    if (isOk(reply)) protocol.failed(title, where, fault, `angenommen: ${asked}: ${replyText(reply)}`);
    else protocol.passed(title, where, `abgewiesen: ${replyText(reply)}`);
    return !isOk(reply);
  };
  const closed = await refuses('Fremder Empfänger', 'open-relay', outside, outside);
  if (closed) {
    const own = testAddress(context, domain);
    await refuses(`Gefälschter Absender ${domain}`, 'own-sender-trusted', own, outside);
  }
  const title = `Umweg über ${domain}`;
  // Who takes every name takes these too; that says nothing about where they lead.
  if (!strict) return protocol.skipped(title, where, 'erst, wenn der Server unbekannte Empfänger abweist');
  await refuses(`${title} (%)`, 'open-relay-routing', outside, `anbindungstest%${host}@${domain}`);
  await refuses(`${title} (!)`, 'open-relay-routing', outside, `${host}!anbindungstest@${domain}`);
}

async function nullSender(
  context: Context,
  { where }: Place,
  client: SmtpClient,
  domain: string,
): Promise<void> {
  const reply = await envelope(client, '', testAddress(context, domain));
  if (isOk(reply)) context.protocol.passed('Leerer Absender', where, replyText(reply));
  else context.protocol.failed('Leerer Absender', where, 'null-sender-refused', replyText(reply));
}
