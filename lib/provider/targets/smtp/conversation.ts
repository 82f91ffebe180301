import type { Socket } from 'node:net';

/** A reply of a server: code and text, the lines joined by a space (RFC 5321 4.2). */
export interface Reply {
  code: number;
  text: string;
}

/** Command by command over one connection, without pipelining. */
export class Conversation {
  #received = '';
  #wanted: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  #ended: Error | undefined;

  constructor(
    private readonly socket: Socket,
    timeoutMs: number,
  ) {
    socket.setTimeout(timeoutMs);
    socket.on('data', (data: Buffer) => {
      this.#received += data.toString('latin1');
      // A server that talks without end is not listened to.
      if (this.#received.length > 65_536) this.#end(new Error('it sends more than any reply is long'));
      else this.#answer();
    });
    socket.once('timeout', () => this.#end(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.once('error', (error) => this.#end(error));
    socket.once('close', () => this.#end(new Error('it closed the connection')));
  }

  /** @throws Error with the reason, when the connection ends */
  read(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#wanted = { resolve, reject };
      this.#answer();
    });
  }

  /** @param command without line end; built of checked names and addresses only */
  say(command: string): Promise<Reply> {
    if (!this.#ended) this.socket.write(`${command}\r\n`);
    return this.read();
  }

  /** Leaves the connection to somebody else, as STARTTLS does. What came too early is thrown away (CVE-2011-0411). */
  release(): Socket {
    this.socket.removeAllListeners();
    this.socket.setTimeout(0);
    this.#received = '';
    return this.socket;
  }

  #answer(): void {
    const reply = /^(?:(\d{3})-[^\n]*\n)*(\d{3})(?: [^\n]*)?\r?\n/.exec(this.#received);
    if (!reply || !this.#wanted) return;
    this.#received = this.#received.slice(reply[0].length);
    const lines = reply[0].trimEnd().split(/\r?\n/);
    const wanted = this.#wanted;
    this.#wanted = undefined;
    wanted.resolve({ code: Number(reply[2]), text: lines.map((line) => line.slice(4)).join(' ') });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.socket.destroy();
    this.#wanted?.reject(this.#ended);
    this.#wanted = undefined;
  }
}
