import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Namespace } from '../targets/lab.js';

/** A mail that a server took. `text` is its beginning, 20 kB. */
export interface TakenMail {
  from: string;
  to: string[];
  tls: boolean;
  size: number;
  text: string;
}

/** How a server answers, until it is told otherwise; null takes a rule away. */
export interface Rules {
  mail?: string | null;
  /** By recipient, `*` for all others. */
  rcpt?: Record<string, string> | null;
  data?: string | null;
  /** Takes connections and says nothing. */
  silent?: boolean;
}

interface Event {
  listening?: true;
  rules?: true;
  connected?: true;
  rcpt?: string;
  mail?: TakenMail;
}

const patience = 90_000;

/** Asks again and again until there is an answer; gives up where a person would. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what = 'an answer',
): Promise<T> {
  for (const end = Date.now() + patience; Date.now() < end;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} never came`);
}

/** A mail server in a namespace (smtp-server.mjs), which does as it is told and says what it took. */
export class MailServer {
  readonly mails: TakenMail[] = [];
  /** Recipients that were asked about, by mail or by verification. */
  readonly asked: string[] = [];
  connections = 0;
  #events: Event[] = [];

  private constructor(private readonly child: ReturnType<Namespace['start']>) {
    createInterface(child.stdout).on('line', (line) => {
      const event = JSON.parse(line) as Event;
      this.#events.push(event);
      if (event.mail) this.mails.push(event.mail);
      if (event.rcpt !== undefined) this.asked.push(event.rcpt);
      if (event.connected) this.connections += 1;
    });
  }

  /** @param folder with key.pem and cert.pem, for one that offers STARTTLS */
  static async start(host: Namespace, address: string, name: string, folder?: string): Promise<MailServer> {
    const program = join(import.meta.dirname, 'smtp-server.mjs');
    const files = folder === undefined ? [] : [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const server = new MailServer(host.start(process.execPath, program, address, '25', name, ...files));
    await server.#seen(({ listening }) => listening);
    return server;
  }

  async rule(rules: Rules): Promise<void> {
    const before = this.#events.length;
    this.child.stdin.write(`${JSON.stringify(rules)}\n`);
    await until(() => this.#events.slice(before).find(({ rules: done }) => done));
  }

  /** The first mail that bears this text in its beginning, once it is there. */
  mail(text: string): Promise<TakenMail> {
    return until(() => this.mails.find((mail) => mail.text.includes(text)), `the mail ${text}`);
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  async #seen(what: (event: Event) => unknown): Promise<void> {
    await until(() => this.#events.find(what));
  }
}
