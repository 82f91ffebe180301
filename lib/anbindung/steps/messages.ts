import { Stop, type Context, type Place } from '../context.js';
import type { FaultId } from '../faults.js';
import { eicar, gtube } from '../message.js';
import { messageFault, recipientFault } from '../refusal.js';
import { isOk, replyText, SmtpError, type Reply } from '../../smtp/reply.js';
import { converse, silenceText, type Conversation } from './conversation.js';
import { send, type SendProps, type Sent } from './sending.js';

interface Trial extends Omit<SendProps, 'domain'> {
  title: string;
  /** What a refusal means; the answer's own words where nothing is said. */
  refused?: FaultId;
  /** What it means if nothing more is heard. @default message-hangs */
  hangs?: FaultId;
  /** Every server must take it. */
  ordinary?: true;
}

const withoutAnswer = (error: SmtpError): string => `nach der Übertragung ${silenceText(error)}`;

/**
 * Real messages to the test mailbox: an ordinary one, one of 100 kB, and what filters look at.
 * @returns whether the ordinary ones were taken: if not, the others say nothing
 */
export async function messages(context: Context, place: Place, domain: string): Promise<boolean> {
  let conversation: Conversation | undefined;
  const rejected = rejectedSender(context, place);
  const all = [...ordinary, ...rejected, ...filtered];
  for (const trial of all) {
    context.protocol.begin(trial.title, place.where);
    conversation ??= await converse(context, place, trial.title);
    const { taken, ended } = await attempt(context, place, conversation, { ...trial, domain });
    if (ended) {
      // After silence, or a farewell, the next needs a connection of its own.
      conversation.client.close();
      conversation = undefined;
    }
    if (!taken && trial.ordinary === true) {
      for (const { title } of all.slice(all.indexOf(trial) + 1))
        context.protocol.skipped(title, place.where, 'erst, wenn gewöhnliche Nachrichten angenommen werden');
      await conversation?.client.quit();
      return false;
    }
  }
  await conversation?.client.quit();
  return true;
}

const ordinary: readonly Trial[] = [
  { title: 'Gewöhnliche Nachricht', subject: 'gewöhnlich', ordinary: true },
  { title: 'Nachricht von 100 kB', subject: '100 kB', bytes: 100_000, hangs: 'mtu', ordinary: true },
];

const filtered: readonly Trial[] = [
  { title: 'Spam (GTUBE)', subject: 'GTUBE', text: [gtube], refused: 'spam-refused' },
  {
    title: 'Virus (EICAR)',
    subject: 'EICAR',
    attachment: { name: 'eicar.com', content: eicar() },
    refused: 'virus-refused',
  },
];

/** A mail that nobody behind the relay can judge. It needs a domain of which everybody knows that nobody sends from it. */
function rejectedSender({ relay, protocol }: Context, { where }: Place): Trial[] {
  const title = 'Absender, den SPF und DMARC abweisen';
  if (relay.rejectedSender === undefined) {
    protocol.skipped(title, where, withoutRejectedSender);
    return [];
  }
  const from = `anbindungstest@${relay.rejectedSender}`;
  return [{ title, subject: 'SPF und DMARC', from, refused: 'sender-check' }];
}

const withoutRejectedSender =
  'in der Plattformdatei fehlt beim Relay `rejectedSender`; Dataport trägt dort eine Domain ein, von der niemand sendet, veröffentlicht mit „v=spf1 -all“ und „v=DMARC1; p=reject“';

/** @returns whether the message was taken, and whether the conversation has ended with it */
async function attempt(
  context: Context,
  { where }: Place,
  { client }: Conversation,
  { title, refused, hangs = 'message-hangs', ...props }: Trial & { domain: string },
): Promise<{ taken: boolean; ended: boolean }> {
  const { protocol } = context;
  try {
    const sent = await send(context, client, props);
    if (isOk(sent.reply)) protocol.passed(title, where, replyText(sent.reply));
    else protocol.failed(title, where, refused ?? faultOf(sent), replyText(sent.reply), props.domain);
    return { taken: isOk(sent.reply), ended: isFarewell(sent.reply) };
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error;
    const fault = error.silence === 'timeout' ? hangs : (refused ?? 'message-refused');
    protocol.failed(title, where, fault, withoutAnswer(error));
    return { taken: false, ended: true };
  }
}

const faultOf = ({ at, reply }: Sent): FaultId =>
  at === 'envelope' ? recipientFault(reply) : messageFault(reply);

/** RFC 5321 §3.8: after 421 the server hangs up. */
const isFarewell = ({ code }: Reply): boolean => code === 421;

/** A last ordinary message: what came before got nobody blocked. @throws Stop */
export async function lastMessage(context: Context, place: Place, domain: string): Promise<void> {
  const title = 'Letzte gewöhnliche Nachricht';
  context.protocol.begin(title, place.where);
  const { client } = await converse(context, place, title);
  try {
    const { reply } = await send(context, client, { domain, subject: 'Abschluss' });
    if (!isOk(reply)) throw new Stop(title, 'blocked-by-test', replyText(reply));
    context.protocol.passed(title, place.where, replyText(reply));
  } catch (error) {
    if (error instanceof SmtpError) throw new Stop(title, 'blocked-by-test', silenceText(error));
    throw error;
  } finally {
    await client.quit();
  }
}
