import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The server answered with a code that it should not give; a client tries such a mail again or gives up. */
export class Refused extends Error {
  override name = 'Refused';

  /** With 5xx: trying again does not help. */
  get permanent(): boolean {
    return this.message.startsWith('5');
  }
}

/** The connection ended while a mail was on its way over it. */
export class Cut extends Error {
  override name = 'Cut';

  constructor(
    /** All of the mail had been sent, only the answer is missing: it may have been taken. */
    readonly afterData: boolean,
  ) {
    super('the connection was cut');
  }
}

export interface Message {
  from: string;
  to: string;
  /** Header and body, lines end in CRLF, no line begins with a dot; piece by piece. */
  content: Iterable<Buffer>;
}

/** One connection to a Postfix's own submission socket; it lasts for any number of mails, one after the other. */
export class Submission {
  private socket: Socket | undefined;
  private lines: string[] = [];
  private rest = '';
  private wake: () => void = () => undefined;
  private broken = true;

  /** @param path of the socket, at most 107 bytes long */
  constructor(private readonly path: string) {}

  /** Hands one mail over. @throws Cut, Refused; or the system's error, where nobody listens */
  async send({ from, to, content }: Message): Promise<void> {
    let afterData = false;
    try {
      const socket = await this.connected();
      socket.write(`MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`);
      for (const code of ['250', '250', '354']) await this.expect(code);
      for (const piece of content) if (!socket.write(piece)) await this.drained(socket);
      afterData = true;
      socket.write('.\r\n');
      await this.expect('250');
    } catch (error) {
      this.close();
      throw error instanceof Cut ? new Cut(afterData) : error;
    }
  }

  close(): void {
    this.broken = true;
    this.socket?.destroy();
    this.wake();
  }

  private async connected(): Promise<Socket> {
    if (this.socket && !this.broken) return this.socket;
    const socket = connect({ path: this.path });
    await once(socket, 'connect');
    this.socket = socket;
    this.lines = [];
    this.rest = '';
    this.broken = false;
    socket.setEncoding('latin1');
    socket.on('data', (data: string) => {
      const lines = (this.rest + data).split('\r\n');
      this.rest = lines.pop() ?? '';
      this.lines.push(...lines.filter((line) => /^\d{3}(?: |$)/.test(line)));
      this.wake();
    });
    const end = (): void => {
      if (this.socket !== socket) return;
      this.broken = true;
      this.wake();
    };
    socket.on('error', end).on('close', end);
    await this.expect('220');
    socket.write('EHLO load.rehearsal.example\r\n');
    await this.expect('250');
    return socket;
  }

  private async drained(socket: Socket): Promise<void> {
    while (socket.writableNeedDrain) {
      if (this.broken) throw new Cut(false);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        socket.once('drain', resolve);
      });
    }
  }

  private async expect(code: string): Promise<void> {
    while (this.lines.length === 0) {
      if (this.broken) throw new Cut(false);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const line = this.lines.shift() ?? '';
    if (line.startsWith('421')) throw new Cut(false);
    if (!line.startsWith(code)) throw new Refused(line);
  }
}
