import { connectFailureText } from '../connect-failure.js';
import { senderAddress, type Context } from '../context.js';
import { SmtpClient } from '../../smtp/client.js';
import { isOk, isPermanent, replyText, SmtpError, type Reply } from '../../smtp/reply.js';
import { silenceText } from './conversation.js';
import { listenerPlace } from './listeners.js';

const title = 'Empfänger der Liste';

/** At once: with the first session for questions fewer than the ten that sshd lets one connection carry. */
const sessions = 8;
/** Recipients of one session: below Postfix's smtpd_recipient_limit (1000). */
const mostAsked = 500;
/** After smtpd_soft_error_limit (10) refusals it answers slowly, after twice as many not at all. */
const mostRefused = 9;
/** Between two rounds: the relay goes on asking the municipality's server. */
const roundPause = 5000;

/** A recipient whom the municipality's server knows, or refuses. */
type Verdict = 'accepted' | 'refused';

interface Round {
  next: () => string | undefined;
  decided: Map<string, Verdict>;
  /** What was heard last of a recipient who is not decided, German. */
  heard: (words: string) => void;
}

/**
 * Asks the relay's Internet listener for each recipient, as a sender does before he sends anything. It is the listener
 * that asks the municipality's server and remembers (address_verify_map), so once the MX moves their mail is taken at
 * once, though that server be down. While the server has not answered the relay says 450, so those are asked for again.
 * @param recipients none: there is no list
 * @param delivers whether the relay can deliver to a server at all
 */
export async function knownRecipients(
  context: Context,
  recipients: readonly string[],
  delivers: boolean,
): Promise<void> {
  const { protocol, relay } = context;
  if (recipients.length === 0) return;
  const where = listenerPlace(relay, 'internet');
  if (!delivers) {
    return protocol.skipped(title, where, 'erst, wenn der Mailserver Nachrichten des Relays annimmt');
  }
  if (protocol.findings.some((finding) => finding.where === where))
    return protocol.skipped(title, where, 'erst, wenn an diesem Eingang nichts anderes gefunden wird');
  const { decided, heard } = await askAll(context, where, recipients);
  const of = (verdict: Verdict): string[] => recipients.filter((one) => decided.get(one) === verdict);
  const [accepted, refused] = [of('accepted').length, of('refused')];
  const undecided = recipients.length - accepted - refused.length;
  protocol.recipients = { accepted, refused, undecided };
  const counts = `${accepted} bestätigt, ${refused.length} abgewiesen, ${undecided} nicht entschieden`;
  const seen = heard === '' || undecided === 0 ? counts : `${counts}; zuletzt gesehen: ${heard}`;
  if (accepted > 0) protocol.passed(title, where, seen);
  else protocol.failed(title, where, 'recipients-unconfirmed', seen);
}

/** Rounds, until all are decided or none was for too long. */
async function askAll(
  context: Context,
  where: string,
  recipients: readonly string[],
): Promise<{ decided: ReadonlyMap<string, Verdict>; heard: string }> {
  const { protocol, sides, times } = context;
  const decided = new Map<string, Verdict>();
  let heard = '';
  for (let progress = sides.now().getTime(); ; await sides.pause(roundPause)) {
    const before = decided.size;
    const waiting = recipients.filter((one) => !decided.has(one)).values();
    const round: Round = {
      next: () => {
        protocol.begin(`${decided.size} von ${recipients.length} Empfängern entschieden`, where);
        return waiting.next().value;
      },
      decided,
      heard: (words) => (heard = words),
    };
    await Promise.all(Array.from({ length: sessions }, () => session(context, round)));
    const now = sides.now().getTime();
    if (decided.size > before) progress = now;
    if (decided.size === recipients.length || now - progress > times.verification) return { decided, heard };
  }
}

/** One of those that share a round's recipients, over as many connections as Postfix wants. */
async function session(context: Context, { next, decided, heard }: Round): Promise<void> {
  for (let recipient = next(); recipient !== undefined;) {
    const client = await opened(context);
    if (typeof client === 'string') return heard(client);
    try {
      for (let asked = 0, refused = 0; recipient !== undefined; recipient = next()) {
        const reply = await client.command(`RCPT TO:<${recipient}>`);
        const verdict = verdictOf(reply);
        if (verdict) decided.set(recipient, verdict);
        else heard(replyText(reply));
        asked += 1;
        if (!isOk(reply)) refused += 1;
        if (reply.code === 421 || asked >= mostAsked || refused >= mostRefused) {
          recipient = next();
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      heard(silenceText(error));
      recipient = next();
    } finally {
      await client.quit();
    }
  }
}

/** A connection on which recipients can be named. @returns why there is none, German */
async function opened(context: Context): Promise<SmtpClient | string> {
  const { sides, relay, times, host } = context;
  const attempt = await sides.relay.connect(relay.addresses.internet, 25, times.connect);
  if ('failure' in attempt) return connectFailureText[attempt.failure];
  const client = new SmtpClient(attempt.pipe, times);
  try {
    const banner = await client.reply();
    const hello = await client.command(`EHLO ${host}`);
    const mail = await client.command(`MAIL FROM:<${senderAddress(context)}>`);
    const refusal = [banner, hello, mail].find((reply) => !isOk(reply));
    if (!refusal) return client;
    await client.quit();
    return replyText(refusal);
  } catch (error) {
    client.close();
    if (error instanceof SmtpError) return silenceText(error);
    throw error;
  }
}

/** What the relay says of a server's 5xx while an edge settles: then its own answer is a 4xx. */
const refusedThere = /\bsaid: 5\d\d[ -]/;

/** undefined: the relay does not know yet, or cannot find out now. */
function verdictOf(reply: Reply): Verdict | undefined {
  if (isOk(reply)) return 'accepted';
  return isPermanent(reply) || refusedThere.test(replyText(reply)) ? 'refused' : undefined;
}
