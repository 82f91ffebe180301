import { relayAcceptances } from '../../migration/relay.js';
import { connectFailureText } from '../connect-failure.js';
import type { Context } from '../context.js';
import type { FaultId } from '../faults.js';
import { SmtpClient } from '../../smtp/client.js';
import { isOk, isPermanent, replyText, SmtpError } from '../../smtp/reply.js';
import { silenceText } from './conversation.js';
import { listenerPlace } from './listeners.js';
import { send, type SendProps, type Sent } from './sending.js';

export interface SubmitProps extends SendProps {
  title: string;
  where: string;
  /** Of the listener. */
  address: string;
  /** What it means if it is refused for good. @default relay-not-accepting */
  refused?: FaultId;
}

/** Text of a mail as there are many; `bytes` of it are enough for any hop to show what it does. */
const ordinary = { subject: 'durch das Relay', bytes: 100_000 };
const pollInterval = 500;

/**
 * One real mail for each domain and class that the relay takes mail of, given to its listener and followed through
 * its log to the customer's server: the `250` with that server's queue id is where the municipality goes on looking.
 * @param delivers whether the relay can deliver to a server at all
 */
export async function correlation(context: Context, delivers: boolean): Promise<void> {
  const { municipality, platform, relay, protocol } = context;
  for (const { domain, class: kind } of relayAcceptances(municipality, platform)) {
    const where = listenerPlace(relay, kind);
    const title = `Nachricht an ${domain} durch das Relay`;
    // What is wrong at the server would show here again, under another name.
    if (!delivers) protocol.skipped(title, where, 'erst, wenn der Mailserver Nachrichten des Relays annimmt');
    else await follow(context, { ...ordinary, title, where, domain, address: relay.addresses[kind] });
  }
}

/** Gives one message to a listener of the relay and waits for its delivery. @returns whether it arrived */
export async function follow(context: Context, props: SubmitProps): Promise<boolean> {
  const { protocol } = context;
  const { title: what, where } = props;
  protocol.begin(what, where);
  const id = await submit(context, props);
  if (id === undefined) return false;
  const delivery = await delivered(context, id);
  const sent = delivery?.status === 'sent';
  if (sent) protocol.passed(what, where, `${id}: ${delivery.seen}`);
  else protocol.failed(what, where, 'not-delivered', `${id}: ${undelivered(delivery)}`);
  return sent;
}

/** Why a message has not arrived, German, in the relay's own words. */
function undelivered(delivery: Delivery | undefined): string {
  if (!delivery) return 'im Protokoll des Relays steht keine Zustellung';
  return `${delivery.status === 'bounced' ? 'zurückgesandt' : 'aufgeschoben'}: ${delivery.seen}`;
}

/** Gives one message to a listener of the relay. @returns its id; undefined where it was not taken, which is a finding */
export async function submit(
  context: Context,
  { title: what, where, address, refused = 'relay-not-accepting', ...props }: SubmitProps,
): Promise<string | undefined> {
  const sent = await handIn(context, address, props);
  if (typeof sent === 'string') context.protocol.failed(what, where, 'relay-listener-away', sent);
  else if (isOk(sent.reply)) return sent.id;
  else {
    const fault = isPermanent(sent.reply) ? refused : 'relay-not-accepting';
    context.protocol.failed(what, where, fault, replyText(sent.reply));
  }
  return undefined;
}

/** One message over one connection to a listener of the relay. @returns the answer, or why there is none, German */
export async function handIn(context: Context, address: string, props: SendProps): Promise<Sent | string> {
  const { sides, times, host } = context;
  const attempt = await sides.relay.connect(address, 25, times.connect);
  if ('failure' in attempt) return connectFailureText[attempt.failure];
  const client = new SmtpClient(attempt.pipe, times);
  try {
    await client.reply();
    await client.hello(host);
    return await send(context, client, props);
  } catch (error) {
    if (error instanceof SmtpError) return silenceText(error);
    throw error;
  } finally {
    await client.quit();
  }
}

/** Waits until the relay's log says what became of it; a deferral is waited for until its time is over. */
async function delivered(context: Context, id: string): Promise<Delivery | undefined> {
  const { sides, times } = context;
  const end = sides.now().getTime() + times.delivery;
  for (;;) {
    const found = lastDelivery(await sides.relay.trace(id));
    if (found?.status === 'sent' || found?.status === 'bounced') return found;
    if (sides.now().getTime() > end) return found;
    await sides.pause(pollInterval);
  }
}

export interface Delivery {
  status: string;
  /** Next hop and its answer. */
  seen: string;
}

/** What Postfix's last line about a delivery says: `relay=…, … status=sent (250 2.0.0 Ok: queued as 4F…)`. */
export function lastDelivery(lines: readonly string[]): Delivery | undefined {
  const match = lines
    .map((line) => / relay=([^,]+),.* status=(\w+) \((.*)\)$/.exec(line))
    .filter((found) => found !== null)
    .at(-1);
  return match ? { status: match[2] ?? '', seen: `${match[1] ?? ''}: ${match[3] ?? ''}` } : undefined;
}
