import { senderAddress, type Context, type Place } from '../context.js';
import { sizeFault } from '../refusal.js';
import { headroom, megabytes, needed, sizeClasses, type SizeClass } from '../sizes.js';
import { isOk, replyText, SmtpError } from '../../smtp/reply.js';
import { converse, silenceText, type Conversation } from './conversation.js';
import { send } from './sending.js';

/**
 * Whether every size that the relay takes passes here too, and 1 MB more for what is added on the way. First what the
 * server announces and answers to MAIL for each size just below and just above each limit; then real messages, the
 * largest first: a server that takes it takes the smaller ones, and one that does not is asked for those.
 * @param domain undefined where no mail can be sent: then only announcements are looked at
 */
export async function sizes(context: Context, place: Place, domain: string | undefined): Promise<void> {
  const title = 'Größe';
  context.protocol.begin(title, place.where);
  const conversation = await converse(context, place, title);
  const classes = sizeClasses(context.municipality);
  const fitting = announced(context, place, conversation, classes);
  const taken = await declared(context, place, conversation, fitting);
  await conversation.client.quit();
  const small = classes.filter((one) => !taken.includes(one));
  for (const one of small)
    context.protocol.skipped(`Nachricht ${one.title}`, place.where, 'erst, wenn die Grenze dafür reicht');
  if (domain !== undefined) await transferred(context, place, domain, taken);
  else
    for (const one of taken)
      context.protocol.skipped(
        `Nachricht ${one.title}`,
        place.where,
        'erst, wenn gewöhnliche Nachrichten angenommen werden',
      );
}

function announced(
  { protocol }: Context,
  { where }: Place,
  { offers: { size } }: Conversation,
  classes: readonly SizeClass[],
): SizeClass[] {
  if (size === undefined || size === 0) {
    protocol.passed('Angekündigte Größe', where, 'keine Grenze angekündigt');
    return [...classes];
  }
  const small = classes.filter((one) => needed(one) > size);
  const most = Math.max(...classes.map(needed));
  if (small.length === 0) protocol.passed('Angekündigte Größe', where, `${size} Bytes, nötig sind ${most}`);
  else {
    const missing = small.map((one) => `${needed(one)} (${one.title})`).join(', ');
    const seen = `angekündigt sind ${size} Bytes, nötig ${missing}`;
    protocol.failed('Angekündigte Größe', where, 'size-too-small', seen);
  }
  return classes.filter((one) => needed(one) <= size);
}

/** `MAIL … SIZE=` just below and just above each limit; above it by what hops add. */
async function declared(
  context: Context,
  { where }: Place,
  { client, offers }: Conversation,
  classes: readonly SizeClass[],
): Promise<SizeClass[]> {
  if (offers.size === undefined) return [...classes];
  const taken: SizeClass[] = [];
  for (const one of classes) {
    const title = `Größe ${one.title}`;
    const points = [one.wire, needed(one)];
    const refusals: string[] = [];
    for (const bytes of points) {
      await client.command('RSET');
      const reply = await client.command(`MAIL FROM:<${senderAddress(context)}> SIZE=${bytes}`);
      if (!isOk(reply)) refusals.push(`SIZE=${bytes}: ${replyText(reply)}`);
    }
    if (refusals.length > 0) context.protocol.failed(title, where, 'size-too-small', refusals.join('; '));
    else {
      taken.push(one);
      context.protocol.passed(title, where, `MAIL mit ${points.join(' und ')} Bytes angenommen`);
    }
  }
  return taken;
}

async function transferred(
  context: Context,
  place: Place,
  domain: string,
  classes: readonly SizeClass[],
): Promise<void> {
  const { protocol } = context;
  for (const one of classes.toReversed()) {
    const title = `Nachricht ${one.title}`;
    const bytes = one.wire + headroom;
    protocol.begin(`${title} (${megabytes(bytes)} auf der Leitung)`, place.where);
    const { client } = await converse(context, place, title);
    try {
      const { at, reply } = await send(context, client, { domain, subject: 'Größe', bytes });
      if (isOk(reply)) {
        const smaller = classes.length > 1 && one === classes.at(-1) ? ', damit auch die kleineren' : '';
        protocol.passed(title, place.where, `${bytes} Bytes angenommen${smaller}: ${replyText(reply)}`);
        return;
      }
      const seen = `${bytes} Bytes: ${replyText(reply)}`;
      protocol.failed(title, place.where, sizeFault(reply, at), seen, domain);
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      const fault = error.silence === 'timeout' ? 'message-hangs' : 'size-hidden';
      protocol.failed(title, place.where, fault, `${bytes} Bytes: ${silenceText(error)}`);
    } finally {
      await client.quit();
    }
  }
}
