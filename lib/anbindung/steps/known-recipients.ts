import { connectFailureText } from '../connect-failure.js';
import { senderAddress, Stop, type Context, type Place } from '../context.js';
import { SmtpClient } from '../../smtp/client.js';
import { isOk, isPermanent, replyText, SmtpError, type Reply } from '../../smtp/reply.js';
import { converse, silenceText } from './conversation.js';
import { listenerPlace } from './listeners.js';

const title = 'Empfänger der Liste';

/** At once: with the first session for questions fewer than the ten that sshd lets one connection carry. */
const sessions = 8;
/** Recipients of one connection: so many every server takes (RFC 5321, 4.5.3.1.8). */
const mostAsked = 100;
/** Refusals of one connection: Exchange ends it at five, Postfix answers slowly from ten on. */
const mostRefused = 4;
/** Between two rounds: the relay goes on asking the municipality's server. */
const roundPause = 5000;

type Verdict = 'accepted' | 'refused';

/** Recipients that several connections share. */
interface Round {
  /** A connection on which recipients can be named, or why there is none, German. */
  open: () => Promise<SmtpClient | string>;
  next: () => string | undefined;
  /** Takes the answer to one of them. */
  take: (recipient: string, reply: Reply) => void;
  /** What happened instead of an answer, German. */
  silence: (words: string) => void;
}

/**
 * Asks the relay's Internet listener for each recipient, as a sender does before he sends anything. It is the listener
 * that asks the municipality's server and remembers (address_verify_map), so once the MX moves their mail is taken at
 * once, though that server be down.
 * @param recipients none: there is no list
 * @param server to which the relay can deliver; undefined: there is none
 */
export async function knownRecipients(
  context: Context,
  recipients: readonly string[],
  server: Place | undefined,
): Promise<void> {
  const { protocol, relay } = context;
  if (recipients.length === 0) return;
  const where = listenerPlace(relay, 'internet');
  if (!server)
    return protocol.skipped(title, where, 'erst, wenn der Mailserver Nachrichten des Relays annimmt');
  if (protocol.findings.some((finding) => finding.where === where))
    return protocol.skipped(title, where, 'erst, wenn an diesem Eingang nichts anderes gefunden wird');
  const { decided, heard } = await askAll(context, where, recipients, server);
  const refused = recipients.filter((one) => decided.get(one) === 'refused');
  const accepted = decided.size - refused.length;
  const undecided = recipients.length - decided.size;
  protocol.recipients = { accepted, refused, undecided };
  const counts = `${accepted} bestätigt, ${refused.length} abgewiesen, ${undecided} nicht entschieden`;
  const seen = undecided === 0 ? counts : `${counts}; gesehen: ${heard}`;
  if (accepted > 0) protocol.passed(title, where, seen);
  else protocol.failed(title, where, 'recipients-unconfirmed', seen);
}

/**
 * Rounds, until all are decided or none was for too long. The relay says 450 while it waits for the server's answer,
 * and, as long as an edge settles, for whom the server refuses. Why does not stand there, so who is not taken at once
 * is asked for at the server itself, too.
 */
async function askAll(
  context: Context,
  where: string,
  recipients: readonly string[],
  server: Place,
): Promise<{ decided: ReadonlyMap<string, Verdict>; heard: string }> {
  const { protocol, sides, times } = context;
  const decided = new Map<string, Verdict>();
  let heard = '';
  const round = async (open: Round['open'], confirms: boolean): Promise<void> => {
    // The server's own words say more than the relay's.
    const hear = (words: string): void => {
      if (heard === '' || !confirms) heard = words;
    };
    const waiting = recipients.filter((one) => !decided.has(one)).values();
    const shared: Round = {
      open,
      next: () => {
        protocol.begin(`${decided.size} von ${recipients.length} Empfängern entschieden`, where);
        return waiting.next().value;
      },
      take: (recipient, reply) => {
        if (isPermanent(reply)) decided.set(recipient, 'refused');
        else if (!isOk(reply)) hear(replyText(reply));
        else if (confirms) decided.set(recipient, 'accepted');
      },
      silence: hear,
    };
    await Promise.all(Array.from({ length: sessions }, () => session(shared)));
  };
  let last = sides.now().getTime();
  for (let first = true; ; first = false) {
    const before = decided.size;
    await round(() => atListener(context), true);
    if (first) await round(() => atServer(context, server), false);
    const now = sides.now().getTime();
    if (decided.size > before) last = now;
    if (decided.size === recipients.length || now - last > times.verification) return { decided, heard };
    await sides.pause(roundPause);
  }
}

/** One of those that share a round, over as many connections as it takes. */
async function session({ open, next, take, silence }: Round): Promise<void> {
  for (let recipient = next(); recipient !== undefined;) {
    const client = await open();
    if (typeof client === 'string') return silence(client);
    try {
      for (let asked = 0, refused = 0; asked < mostAsked && refused < mostRefused; asked += 1) {
        if (recipient === undefined) break;
        const reply: Reply = await client.command(`RCPT TO:<${recipient}>`);
        take(recipient, reply);
        recipient = next();
        if (reply.code === 421) break;
        if (!isOk(reply)) refused += 1;
      }
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      silence(silenceText(error));
      recipient = next();
    } finally {
      await client.quit();
    }
  }
}

async function atListener(context: Context): Promise<SmtpClient | string> {
  const { sides, relay, times, host } = context;
  const attempt = await sides.relay.connect(relay.addresses.internet, 25, times.connect);
  if ('failure' in attempt) return connectFailureText[attempt.failure];
  const client = new SmtpClient(attempt.pipe, times);
  return begun(client, [
    () => client.reply(),
    () => client.command(`EHLO ${host}`),
    mail(client, senderAddress(context)),
  ]);
}

/** Under the sender with which the relay asks, too. */
async function atServer(context: Context, server: Place): Promise<SmtpClient | string> {
  try {
    const { client } = await converse(context, server, title);
    return await begun(client, [mail(client, '')]);
  } catch (error) {
    if (error instanceof Stop) return error.seen;
    throw error;
  }
}

const mail = (client: SmtpClient, sender: string) => () => client.command(`MAIL FROM:<${sender}>`);

/** What has to be taken before recipients can be named. */
async function begun(
  client: SmtpClient,
  steps: readonly (() => Promise<Reply>)[],
): Promise<SmtpClient | string> {
  try {
    for (const step of steps) {
      const reply = await step();
      if (isOk(reply)) continue;
      await client.quit();
      return replyText(reply);
    }
    return client;
  } catch (error) {
    client.close();
    if (error instanceof SmtpError) return silenceText(error);
    throw error;
  }
}
