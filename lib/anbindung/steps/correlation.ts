import type { AcceptanceClass } from '../../migration/elements.js';
import { relayAcceptances } from '../../migration/relay.js';
import type { Context } from '../context.js';
import { SmtpClient } from '../smtp/client.js';
import { isOk, replyText, SmtpError } from '../smtp/reply.js';
import { silenceText } from './conversation.js';
import { send, type SendProps } from './sending.js';

interface SubmitProps extends Partial<SendProps> {
  title: string;
  where: string;
  domain: string;
  /** Of the listener. */
  address: string;
}

const title = 'Nachricht durch das Relay';
const pollInterval = 500;

/**
 * One real mail for each domain and class that the relay takes mail of, given to its listener and followed through
 * its log to the customer's server: the `250` with that server's queue id is where the municipality goes on looking.
 */
export async function correlation(context: Context): Promise<void> {
  const { municipality, platform, relay } = context;
  for (const { domain, class: kind } of relayAcceptances(municipality, platform)) {
    await follow(context, domain, kind, relay.addresses[kind]);
  }
}

async function follow(
  context: Context,
  domain: string,
  kind: AcceptanceClass,
  address: string,
): Promise<void> {
  const { protocol } = context;
  const where = `${domain} (${kind}, ${address})`;
  protocol.begin(title, where);
  const id = await submit(context, { title, where, domain, address });
  if (id === undefined) return;
  const delivery = await delivered(context, id);
  if (delivery?.status === 'sent') protocol.passed(title, where, `${id}: ${delivery.seen}`);
  else protocol.failed(title, where, 'not-delivered', `${id}: ${delivery?.seen ?? 'nichts im Protokoll'}`);
}

/** Gives one message to a listener of the relay. @returns its id; undefined where it was not taken, which is a finding */
export async function submit(
  context: Context,
  { title, where, domain, address, ...more }: SubmitProps,
): Promise<string | undefined> {
  const { sides, times, host, protocol } = context;
  const attempt = await sides.relay.connect(address, 25, times.connect);
  if ('failure' in attempt) {
    protocol.failed(title, where, 'relay-not-accepting', attempt.words.trim() || 'keine Antwort');
    return undefined;
  }
  const client = new SmtpClient(attempt.pipe, times);
  try {
    await client.reply();
    await client.hello(host);
    const { id, reply } = await send(context, client, {
      domain,
      subject: 'durch das Relay',
      bytes: 100_000,
      ...more,
    });
    if (isOk(reply)) return id;
    protocol.failed(title, where, 'relay-not-accepting', replyText(reply));
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error;
    protocol.failed(title, where, 'relay-not-accepting', silenceText(error));
  } finally {
    await client.quit();
  }
  return undefined;
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
