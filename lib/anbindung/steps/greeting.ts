import type { Duplex } from 'node:stream';
import { Stop, type Context, type Place } from '../context.js';
import type { FaultId } from '../faults.js';
import { bannerFault } from '../refusal.js';
import { SmtpClient } from '../../smtp/client.js';
import type { Extensions } from '../../smtp/extensions.js';
import { replyText, SmtpError, type Silence } from '../../smtp/reply.js';
import { silenceText } from './conversation.js';

/** A server that has said what it is and what it can. */
export interface Greeted {
  client: SmtpClient;
  offers: Extensions;
  /** Something on the way writes over what the server says. */
  inspected: boolean;
}

const silent: Record<Silence, FaultId> = {
  timeout: 'no-banner',
  closed: 'relay-refused',
  'not-smtp': 'not-a-mail-server',
};

/** Banner, EHLO, and whether larger packets come through. @throws Stop with the fault */
export async function greeting(context: Context, place: Place, pipe: Duplex): Promise<Greeted> {
  const { protocol, times, host } = context;
  const client = new SmtpClient(pipe, times);
  try {
    protocol.begin('Begrüßung', place.where);
    const banner = await answer('Begrüßung', silent, () => client.reply());
    if (banner.code !== 220) throw new Stop('Begrüßung', bannerFault(banner), replyText(banner));
    protocol.passed('Begrüßung', place.where, replyText(banner));
    const { reply, offers } = await answer('EHLO', silent, () => client.hello(host));
    if (!offers) throw new Stop('EHLO', 'no-esmtp', replyText(reply));
    protocol.passed('EHLO', place.where, reply.lines.slice(1).join(', '));
    if (offers.pipelining) await packets(context, place, client);
    return { client, offers, inspected: offers.overwritten || /\*{5,}/.test(replyText(banner)) };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** NOOP may have an argument (RFC 5321 §4.1.1.9): commands enough for several full packets, sent in one go. */
const noops = Array.from({ length: 12 }, () => `NOOP ${'x'.repeat(400)}`);

async function packets({ protocol }: Context, { where }: Place, client: SmtpClient): Promise<void> {
  protocol.begin('Große Pakete', where);
  const lost = { timeout: 'mtu', closed: 'mtu', 'not-smtp': 'not-a-mail-server' } as const;
  await answer('Große Pakete', lost, () => client.burst(noops));
  protocol.passed('Große Pakete', where, 'volle Pakete kommen an');
}

/** Silence where an answer must come is a fault of its own. */
async function answer<T>(
  title: string,
  meaning: Record<Silence, FaultId>,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SmtpError) throw new Stop(title, meaning[error.silence], silenceText(error));
    throw error;
  }
}
