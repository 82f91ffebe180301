import type { TLSSocket } from 'node:tls';
import { SmtpClient } from '../../../smtp/client.js';
import { openConnection } from '../../../smtp/connect.js';
import { SmtpError, type Reply } from '../../../smtp/reply.js';

/** What a mail server answered to one recipient: its code and text, or why there is none. */
export interface RecipientAnswer {
  recipient: string;
  /** 0: no answer. */
  code: number;
  text: string;
}

/** A certificate as the server shows it, DER. */
export interface ShownCertificate {
  der: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Buffer;
}

/** What one address of a mail server shows. Nothing is sent: no DATA follows. */
export interface MailServerAnswer {
  address: string;
  recipients: RecipientAnswer[];
  /** The server's own first, then its issuers; empty without STARTTLS. */
  certificates: ShownCertificate[];
  /** Why the certificate is not valid for the host's name, by the vantage point's trusted authorities; undefined: it is. */
  untrusted: string | undefined;
}

export interface ProbeRequest {
  /** Name by which it is known: for TLS, and in no command. */
  host: string;
  address: string;
  /** Addresses of checked domains. */
  recipients: readonly string[];
  /** Name that the probe says it has. */
  greeting: string;
  /** @default 25 */
  port?: number;
  /** For each answer. Postfix's own address verification may take six seconds. @default 15 000 */
  timeoutMs?: number;
}

/**
 * Asks a mail server whether it takes mail for recipients, as any server on the Internet would: EHLO, STARTTLS
 * if it is offered, the null sender, which must always get through, and RCPT. Never throws: no answer is one.
 */
export async function probeMailServer(request: ProbeRequest): Promise<MailServerAnswer> {
  const { address, recipients } = request;
  const answer: MailServerAnswer = {
    address,
    recipients: [],
    certificates: [],
    untrusted: 'it offers no STARTTLS',
  };
  try {
    await converse(request, answer);
  } catch (error) {
    const text = reasonOf(error);
    const answered = new Set(answer.recipients.map(({ recipient }) => recipient));
    for (const recipient of recipients.filter((one) => !answered.has(one)))
      answer.recipients.push({ recipient, code: 0, text });
  }
  return answer;
}

async function converse(
  { host, address, recipients, greeting, port = 25, timeoutMs = 15_000 }: ProbeRequest,
  answer: MailServerAnswer,
): Promise<void> {
  const times = { reply: timeoutMs, message: timeoutMs };
  const client = new SmtpClient(await openConnection(address, port, timeoutMs), times);
  try {
    expect(await client.reply(), 220, 'its greeting is');
    const { reply, offers } = await client.hello(greeting);
    expect(reply, 250, 'to EHLO it answers');
    if (offers?.startTls) {
      expect(await client.command('STARTTLS'), 220, 'to STARTTLS it answers');
      const secure = await startTls(client, host);
      answer.certificates = chainOf(secure.getPeerX509Certificate());
      answer.untrusted = secure.authorized ? undefined : reasonOf(secure.authorizationError);
      expect((await client.hello(greeting)).reply, 250, 'to EHLO over TLS it answers');
    }
    expect(await client.command('MAIL FROM:<>'), 250, 'to the null sender it answers');
    for (const recipient of recipients) {
      const { code, lines } = await client.command(`RCPT TO:<${recipient}>`);
      answer.recipients.push({ recipient, code, text: lines.join(' ') });
    }
  } finally {
    await client.quit();
  }
}

function expect({ code, lines }: Reply, wanted: number, what: string): void {
  if (code !== wanted) throw new Error(`${what} ${code} ${lines.join(' ')}`.trim());
}

/** Opportunistic as senders are: a certificate that nobody trusts encrypts all the same; whether it is valid is noted. */
async function startTls(client: SmtpClient, host: string): Promise<TLSSocket> {
  try {
    return await client.startTls(host);
  } catch (error) {
    throw new Error(`TLS fails: ${reasonOf(error)}`, { cause: error });
  }
}

function chainOf(
  certificate: ReturnType<TLSSocket['getPeerX509Certificate']>,
  seen = new Set<string>(),
): ShownCertificate[] {
  if (!certificate || seen.has(certificate.fingerprint256)) return [];
  seen.add(certificate.fingerprint256);
  const publicKey = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return [{ der: certificate.raw, publicKey }, ...chainOf(certificate.issuerCertificate, seen)];
}

/** An authorization error of TLS is an Error or a bare text. */
function reasonOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (error instanceof SmtpError && error.silence === 'not-smtp')
    return `it speaks no SMTP: ${error.message}`;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'connection refused' : message;
}
