import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Conversation, type Reply } from './conversation.js';

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
  const sockets: Socket[] = [];
  try {
    await converse(request, answer, sockets);
  } catch (error) {
    const text = reasonOf(error);
    const answered = new Set(answer.recipients.map(({ recipient }) => recipient));
    for (const recipient of recipients.filter((one) => !answered.has(one)))
      answer.recipients.push({ recipient, code: 0, text });
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return answer;
}

async function converse(
  { host, address, recipients, greeting, port = 25, timeoutMs = 15_000 }: ProbeRequest,
  answer: MailServerAnswer,
  sockets: Socket[],
): Promise<void> {
  const plain = connect(port, address);
  sockets.push(plain);
  let talk = new Conversation(plain, timeoutMs);
  expect(await talk.read(), 220, 'its greeting is');
  let hello = expect(await talk.say(`EHLO ${greeting}`), 250, 'to EHLO it answers');
  if (/(?:^| )STARTTLS(?: |$)/i.test(hello.text)) {
    expect(await talk.say('STARTTLS'), 220, 'to STARTTLS it answers');
    const secure = await startTls(talk.release(), host, timeoutMs);
    sockets.push(secure);
    answer.certificates = chainOf(secure.getPeerX509Certificate());
    answer.untrusted = secure.authorized ? undefined : reasonOf(secure.authorizationError);
    talk = new Conversation(secure, timeoutMs);
    hello = expect(await talk.say(`EHLO ${greeting}`), 250, 'to EHLO over TLS it answers');
  }
  expect(await talk.say('MAIL FROM:<>'), 250, 'to the null sender it answers');
  for (const recipient of recipients)
    answer.recipients.push({ recipient, ...(await talk.say(`RCPT TO:<${recipient}>`)) });
  await talk.say('QUIT').catch(() => undefined);
}

function expect(reply: Reply, code: number, what: string): Reply {
  if (reply.code !== code) throw new Error(`${what} ${reply.code} ${reply.text}`.trim());
  return reply;
}

/** Opportunistic as senders are: a certificate that nobody trusts encrypts all the same; whether it is valid is noted. */
function startTls(socket: Socket, host: string, timeoutMs: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({ socket, servername: host, host, rejectUnauthorized: false });
    const timer = setTimeout(
      () => secure.destroy(new Error(`no TLS handshake within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      secure.removeAllListeners('error');
      resolve(secure);
    });
    secure.once('error', (error: Error) => {
      clearTimeout(timer);
      reject(new Error(`TLS fails: ${error.message}`));
    });
  });
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
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'connection refused' : message;
}
