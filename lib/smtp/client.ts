import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { certificateFacts, type CertificateFacts } from './certificate.js';
import { extensions, type Extensions } from './extensions.js';
import { ReplyReader, SmtpError, type Reply } from './reply.js';

/** Milliseconds. */
export interface SmtpTimes {
  /** Until the answer to a command. */
  reply: number;
  /** Until the answer to a whole message: filters take their time. */
  message: number;
}

/** What was agreed when a connection was encrypted. */
export interface TlsFacts {
  /** `TLSv1.3` */
  protocol: string;
  cipher: string;
  certificate: CertificateFacts | undefined;
}

export const tlsFacts = (socket: TLSSocket): TlsFacts => ({
  protocol: socket.getProtocol() ?? 'unknown',
  cipher: socket.getCipher().name,
  certificate: certificateFacts(socket.getPeerCertificate()),
});

/**
 * The sending side of SMTP, one command at a time, over any pipe of bytes. Libraries for sending mail know whole
 * mails only and hide what a test wants to see: each answer, silence, and what is announced but not so.
 */
export class SmtpClient {
  #pipe: Duplex;
  #unlisten: () => void = () => undefined;
  #reader = new ReplyReader();
  #answers: (Reply | SmtpError)[] = [];
  #waiting: ((answer: Reply | SmtpError) => void) | undefined;

  constructor(
    pipe: Duplex,
    private readonly times: SmtpTimes,
  ) {
    this.#pipe = pipe;
    this.#listen();
  }

  /** The next answer; the first is the banner. @throws SmtpError */
  async reply(milliseconds = this.times.reply): Promise<Reply> {
    const answer = this.#answers.shift() ?? (await this.#arrival(milliseconds));
    if (answer instanceof SmtpError) {
      // Whatever ended the conversation ends it for everything that still asks.
      this.#answers.unshift(answer);
      throw answer;
    }
    return answer;
  }

  /** Sends one command and waits for its answer. @throws SmtpError */
  async command(line: string): Promise<Reply> {
    this.#pipe.write(`${line}\r\n`);
    return this.reply();
  }

  /** Sends commands in one go (RFC 2920). @returns their answers @throws SmtpError */
  async burst(lines: readonly string[]): Promise<Reply[]> {
    this.#pipe.write(lines.map((line) => `${line}\r\n`).join(''));
    const replies: Reply[] = [];
    for (let i = 0; i < lines.length; i += 1) replies.push(await this.reply());
    return replies;
  }

  /** Says who it is. @returns what the server offers; undefined where it refuses, with the answer */
  async hello(name: string): Promise<{ reply: Reply; offers: Extensions | undefined }> {
    const reply = await this.command(`EHLO ${name}`);
    return { reply, offers: reply.code === 250 ? extensions(reply.lines) : undefined };
  }

  /**
   * Encrypts the connection. Any certificate will do, as it does for a relay with `encrypt`. What came before is
   * forgotten: anybody could have said it (CVE-2011-0411).
   * @param old lets protocols and keys pass that are out of date, to tell them from what is broken
   * @throws SmtpError when the handshake hangs; the TLS library's error when it fails
   */
  async startTls(name: string, old = false): Promise<TLSSocket> {
    this.#unlisten();
    const socket = connect({
      socket: this.#pipe,
      servername: name,
      rejectUnauthorized: false,
      ...(old ? { minVersion: 'TLSv1' as const, ciphers: 'ALL:@SECLEVEL=0' } : {}),
    });
    await handshake(socket, this.times.reply);
    this.#pipe = socket;
    this.#reader = new ReplyReader();
    this.#answers = [];
    this.#listen();
    return socket;
  }

  /**
   * Sends a message after 354, byte for byte, and waits for the answer to it. That its last line ends, and none begins
   * with a dot, is the caller's to see to.
   */
  async message(chunks: Iterable<Buffer>): Promise<Reply> {
    const end = new AbortController();
    // A server may answer, and hang up, before it has everything.
    this.#pipe.once('close', () => end.abort());
    for (const chunk of chunks) {
      if (this.#answers.length > 0) break;
      if (!this.#pipe.write(chunk)) {
        await Promise.race([
          once(this.#pipe, 'drain', { signal: end.signal }).catch(() => undefined),
          pause(this.times.message),
        ]);
      }
      if (end.signal.aborted || this.#pipe.writableNeedDrain) break;
    }
    this.#pipe.write('.\r\n');
    return this.reply(this.times.message);
  }

  /** Ends the conversation, politely if the server still listens. */
  async quit(): Promise<void> {
    const polite = !this.#answers.some((answer) => answer instanceof SmtpError);
    if (polite && this.#pipe.writable) {
      this.#pipe.write('QUIT\r\n');
      await this.reply(2000).catch(() => undefined);
    }
    this.close();
  }

  close(): void {
    this.#pipe.destroy();
  }

  #listen(): void {
    const pipe = this.#pipe;
    const data = (bytes: Buffer): void => {
      for (const found of this.#reader.take(bytes.toString('latin1'))) {
        this.#arrived('notSmtp' in found ? new SmtpError('not-smtp', found.notSmtp) : found);
      }
    };
    const closed = (): void => this.#arrived(new SmtpError('closed', 'it closed the connection'));
    pipe.on('data', data).on('end', closed).on('close', closed).on('error', closed);
    this.#unlisten = () => {
      pipe.off('data', data).off('end', closed).off('close', closed).off('error', closed);
      // Nobody else listens to what a dying pipe says.
      pipe.on('error', () => undefined);
    };
  }

  #arrived(answer: Reply | SmtpError): void {
    if (this.#waiting) this.#waiting(answer);
    else this.#answers.push(answer);
  }

  #arrival(milliseconds: number): Promise<Reply | SmtpError> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined;
        resolve(new SmtpError('timeout', `no answer within ${milliseconds / 1000} s`));
      }, milliseconds);
      this.#waiting = (answer) => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve(answer);
      };
    });
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());

function handshake(socket: TLSSocket, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new SmtpError('timeout', `no TLS within ${milliseconds / 1000} s`));
    }, milliseconds);
    const failed = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.on('error', failed);
    socket.once('close', () => failed(new SmtpError('closed', 'it closed the connection')));
  });
}
