import { messageOf } from './message.js';
import { Cut, Refused, Submission } from './submission.js';

/** How one mail was handed over. */
export interface Handed {
  /** Milliseconds since 1970. */
  at: number;
  /** It was sent whole and the answer never came, so it was handed over once more. */
  repeated: boolean;
}

const connections = 4;
const retryAfter = 200;

/** A party's client: a few lasting connections to its own Postfix, and a queue before them. */
export class Sender {
  private readonly idle: Submission[];
  private readonly all = new Set<Submission>();
  private readonly waiting: (() => void)[] = [];
  private stopped = false;

  /** @param socket path of the Postfix's submission socket */
  constructor(private readonly socket: string) {
    this.idle = Array.from({ length: connections }, () => this.connection());
  }

  /** Mails that wait for a connection. */
  get backlog(): number {
    return this.waiting.length;
  }

  /**
   * Hands a mail over, again and again until the server has taken it, as a client with an outbox does.
   * @returns undefined if it was stopped before
   */
  async send(from: string, to: string, size: number): Promise<Handed | undefined> {
    while (this.idle.length === 0 && !this.stopped) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    const submission = this.idle.pop();
    if (!submission) return undefined;
    try {
      return await this.deliver(submission, from, to, size);
    } finally {
      this.idle.push(submission);
      this.waiting.shift()?.();
    }
  }

  /** As {@link send}, over a connection of its own, so that a large one holds up no other. */
  async sendLarge(from: string, to: string, size: number): Promise<Handed | undefined> {
    const submission = this.connection();
    try {
      return await this.deliver(submission, from, to, size);
    } finally {
      submission.close();
      this.all.delete(submission);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const submission of this.all) submission.close();
    for (const wake of this.waiting.splice(0)) wake();
  }

  private connection(): Submission {
    const submission = new Submission(this.socket);
    this.all.add(submission);
    return submission;
  }

  private async deliver(submission: Submission, from: string, to: string, size: number) {
    let repeated = false;
    while (!this.stopped) {
      try {
        await submission.send({ from, to, content: messageOf(from, to, size) });
        return { at: Date.now(), repeated };
      } catch (error) {
        // Its own server takes what is within its limit; anything else is a mistake of the rehearsal.
        if (error instanceof Refused && error.permanent) throw error;
        repeated ||= error instanceof Cut && error.afterData;
        await new Promise((resolve) => setTimeout(resolve, retryAfter));
      }
    }
    return undefined;
  }
}
