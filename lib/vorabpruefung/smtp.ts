import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Extensions } from '../smtp/extensions.js';
import { isOk, type Reply } from '../smtp/reply.js';
import { SmtpClient, tlsFacts, type TlsFacts } from '../smtp/client.js';
import { openConnection } from '../smtp/connect.js';

/** What a dialogue with a mail server showed; what is absent was not reached. */
export interface Dialogue {
  connect: 'open' | 'refused' | 'timeout' | 'unreachable';
  banner?: Reply;
  ehlo?: Reply;
  offers?: Extensions;
  /** Only where STARTTLS is offered. */
  tls?: TlsFacts | 'failed';
  nullSender?: Reply;
  postmaster?: Reply;
  unknown?: Reply;
  foreign?: Reply;
}

const connectMs = 10_000;
const replyMs = 30_000;

/** Nobody has it, and the same in all three programs, so that their reports can be compared. */
export const unknownLocalPart = 'pruefung-unbekannter-empfaenger';
/** Reserved for documentation (RFC 2606), but in the DNS, so that only the relay rule can refuse it. */
export const foreignRecipient = 'postmaster@example.com';

/**
 * Talks to a mail server as far as RCPT and sends no mail: RSET comes before DATA. Encrypted where that works.
 * @param name as it stands in the MX; for the handshake
 */
export async function dialogue(address: string, name: string, domain: string): Promise<Dialogue> {
  const first = await talk(address, name, domain, true);
  if (first.tls !== 'failed') return first;
  // What the server says without encryption is worth knowing as well.
  const { nullSender, postmaster, unknown, foreign } = await talk(address, name, domain, false);
  return { ...first, ...defined({ nullSender, postmaster, unknown, foreign }) };
}

async function talk(address: string, name: string, domain: string, encrypt: boolean): Promise<Dialogue> {
  const socket = await open(address);
  if (typeof socket === 'string') return { connect: socket };
  const seen: Dialogue = { connect: 'open' };
  const client = new SmtpClient(socket, { reply: replyMs, message: replyMs });
  try {
    seen.banner = await client.reply();
    if (!isOk(seen.banner)) return seen;
    const { reply, offers } = await client.hello(ownName());
    seen.ehlo = reply;
    if (!offers) return seen;
    seen.offers = offers;
    if (offers.startTls && encrypt) {
      seen.tls = await startTls(client, name);
      if (seen.tls === 'failed') return seen;
      await client.hello(ownName());
    }
    const nullSender = await client.command('MAIL FROM:<>');
    // 530: only after STARTTLS (RFC 3207), which failed; it says nothing about the sender.
    if (nullSender.code === 530) return seen;
    seen.nullSender = nullSender;
    if (!isOk(nullSender)) return seen;
    seen.postmaster = await client.command(`RCPT TO:<postmaster@${domain}>`);
    seen.unknown = await client.command(`RCPT TO:<${unknownLocalPart}@${domain}>`);
    seen.foreign = await client.command(`RCPT TO:<${foreignRecipient}>`);
    await client.command('RSET');
    return seen;
  } catch {
    // Silence or an ended connection: what was seen until then is the result.
    return seen;
  } finally {
    await client.quit();
  }
}

async function startTls(client: SmtpClient, name: string): Promise<TlsFacts | 'failed'> {
  try {
    if (!isOk(await client.command('STARTTLS'))) return 'failed';
    return tlsFacts(await client.startTls(name));
  } catch {
    return 'failed';
  }
}

/** A full name if this machine has one; an address literal is the other form that every server takes. */
const ownName = (): string => (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(hostname()) ? hostname() : '[127.0.0.1]');

async function open(address: string): Promise<Socket | Exclude<Dialogue['connect'], 'open'>> {
  try {
    return await openConnection(address, 25, connectMs);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ECONNREFUSED' ? 'refused' : code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
  }
}

const defined = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
