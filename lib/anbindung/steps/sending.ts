import { senderAddress, testAddress, type Context } from '../context.js';
import { message, type MessageProps } from '../message.js';
import type { SmtpClient } from '../../smtp/client.js';
import { isOk, type Reply } from '../../smtp/reply.js';
import { envelope } from './conversation.js';

/** How far a message came. */
export interface Sent {
  id: string;
  /** `envelope`: refused before the message was sent. */
  at: 'envelope' | 'message';
  reply: Reply;
}

export interface SendProps extends Partial<Pick<MessageProps, 'text' | 'bytes' | 'attachment' | 'replyTo'>> {
  domain: string;
  subject: string;
  /** @default the test's own sender */
  from?: string;
  id?: string;
  /** Whether MAIL says how many `bytes` follow (RFC 1870). @default true */
  announced?: boolean;
}

/** Sends one message to the test mailbox. @throws SmtpError */
export async function send(context: Context, client: SmtpClient, props: SendProps): Promise<Sent> {
  const {
    domain,
    subject,
    from = senderAddress(context),
    id = context.sides.newId(),
    announced = true,
    ...more
  } = props;
  const to = testAddress(context, domain);
  const asked = await envelope(client, from, to, announced ? more.bytes : undefined);
  if (!isOk(asked)) return { id, at: 'envelope', reply: asked };
  const go = await client.command('DATA');
  if (go.code !== 354) return { id, at: 'envelope', reply: go };
  const date = context.sides.now();
  const reply = await client.message(message({ from, to, id, host: context.host, date, subject, ...more }));
  return { id, at: 'message', reply };
}
