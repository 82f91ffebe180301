import {
  ConflictError,
  RefusedError,
  UnreachableError,
  keyId,
  type Element,
  type ElementKey,
  type Target,
  type Transaction,
} from '../element.js';
import type { Answer, Session } from '../transport/session.js';
import { formatElement, formatTransaction, parseElement } from './line.js';

/** How a target gets its session. */
export type OpenSession = () => Promise<{ session: Session; base: string | undefined }>;

/** Lines in one `apply`; the far end holds its lock that long. */
const batchLines = 2000;
/** Times a conflict may dissolve before it is seen, before it counts as one. */
const attempts = 3;
/** Milliseconds for which a far end that could not be reached is not tried again: dozens of resources ask. */
const giveUpFor = 10_000;

interface Waiting<T> {
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}
interface Write extends Waiting<void> {
  transaction: Transaction;
  /** Not in one batch with others, one of which the far end refused. */
  alone: boolean;
  attempt: number;
}
interface Request extends Waiting<Answer> {
  lines: string[];
}

/**
 * A far end behind one session. Requests wait for each other; what waits at the same time goes together: one
 * listing for everybody who asked before it began, one `apply` for transactions that touch different elements.
 */
export class SessionTarget implements Target {
  #session: ReturnType<OpenSession> | undefined;
  #failed: { error: unknown; at: number } | undefined;
  #lists: Waiting<Element[]>[] = [];
  #writes: Write[] = [];
  #requests: Request[] = [];
  #working = false;
  #closed = false;

  constructor(
    readonly title: string,
    private readonly open: OpenSession,
  ) {}

  list(): Promise<Element[]> {
    return this.#enqueue((waiting: Waiting<Element[]>) => this.#lists.push(waiting));
  }

  apply(transaction: Transaction): Promise<void> {
    if (formatTransaction(transaction).length === 0) return Promise.resolve();
    return this.#enqueue((waiting: Waiting<void>) =>
      this.#writes.push({ ...waiting, transaction, alone: false, attempt: 1 }),
    );
  }

  /** Any other request of the far end's forced command. */
  request(line: string): Promise<Answer> {
    return this.#enqueue((waiting: Waiting<Answer>) => this.#requests.push({ ...waiting, lines: [line] }));
  }

  /**
   * Ends the session for good. What still waits, or comes later, is refused: where several things are asked at once and
   * one fails, the others go on, and a session opened for them would be nobody's, and keep the program from ending.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#session?.then(
      ({ session }) => session.close(),
      () => undefined,
    );
  }

  #enqueue<T>(add: (waiting: Waiting<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      add({ resolve, reject });
      if (this.#working) return;
      this.#working = true;
      // Everything that is asked for in the same turn goes together.
      setImmediate(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      const writes = this.#nextBatch();
      const lists = writes.length > 0 ? [] : this.#lists.splice(0);
      const request = writes.length > 0 || lists.length > 0 ? undefined : this.#requests.shift();
      const all = [...writes, ...lists, ...(request ? [request] : [])];
      if (all.length === 0) break;
      try {
        if (writes.length > 0) await this.#write(writes);
        else if (request) request.resolve(checked(this.title, await this.#ask(request.lines)));
        else {
          const elements = await this.#read();
          for (const { resolve } of lists) resolve(elements);
        }
      } catch (error) {
        for (const { reject } of all) reject(error);
      }
    }
    this.#working = false;
  }

  /** As many waiting writes as fit into one transaction: each element named by one of them at most. */
  #nextBatch(): Write[] {
    const batch: Write[] = [];
    const named = new Set<string>();
    let lines = 0;
    for (const write of this.#writes) {
      const { expect, put, remove } = write.transaction;
      const keys = new Set([...expect.map(({ at }) => at), ...put, ...remove].map(identity));
      lines += expect.length + put.length + remove.length;
      if (batch.length > 0 && (write.alone || lines > batchLines || [...keys].some((key) => named.has(key))))
        break;
      for (const key of keys) named.add(key);
      batch.push(write);
      if (write.alone) break;
    }
    this.#writes.splice(0, batch.length);
    return batch;
  }

  async #write(batch: readonly Write[]): Promise<void> {
    const lines = batch.flatMap(({ transaction }) => formatTransaction(transaction));
    const { verdict } = await this.#ask([`apply ${lines.length}`, ...lines]);
    const [word, number, ...why] = verdict.split(' ');
    if (word === 'ok') {
      for (const { resolve } of batch) resolve();
      return;
    }
    const culprit = owning(batch, Number(number));
    if (word === 'conflict' && culprit) {
      this.#writes.unshift(...batch.filter((write) => write !== culprit.write));
      await this.#conflict(culprit.write, culprit.line);
    } else if (word === 'refused' && culprit) {
      this.#writes.unshift(...batch.filter((write) => write !== culprit.write));
      culprit.write.reject(
        new RefusedError(`${this.title} refuses \`${lines[Number(number) - 1] ?? ''}\`: ${why.join(' ')}`),
      );
    } else if (batch.length > 1) {
      this.#writes.unshift(...batch.map((write) => ({ ...write, alone: true })));
    } else {
      throw new RefusedError(`${this.title} could not write: ${verdict.replace(/^error /, '')}`);
    }
  }

  /** Says what stands there instead; if by now it is as expected, tries again. */
  async #conflict(write: Write, line: number): Promise<void> {
    const expectation = write.transaction.expect[line];
    if (!expectation)
      return write.reject(new RefusedError(`${this.title} names a conflict where nothing was expected`));
    const { at, found: expected } = expectation;
    try {
      const found = (await this.#read()).find((element) => identity(element) === identity(at));
      if (show(found) === show(expected) && write.attempt < attempts) {
        this.#writes.unshift({ ...write, attempt: write.attempt + 1 });
        return;
      }
      write.reject(
        new ConflictError(
          at,
          expected,
          found,
          `${this.title} changed since it was looked at: ${at.map} ${keyId(at.key)} is ${show(found)}, expected was ${show(expected)}. Nothing was written; plan again.`,
        ),
      );
    } catch (error) {
      write.reject(error);
    }
  }

  async #read(): Promise<Element[]> {
    return checked(this.title, await this.#ask(['list'])).lines.map(parseElement);
  }

  async #ask(lines: readonly string[]): Promise<Answer> {
    const { session } = await this.#opened();
    return session.request(lines);
  }

  async #opened(): Promise<{ session: Session; base: string | undefined }> {
    if (this.#closed) throw new UnreachableError(`${this.title} is not asked any more`);
    if (this.#session && (await this.#session.then(({ session }) => session.alive))) return this.#session;
    if (this.#failed && Date.now() - this.#failed.at < giveUpFor) throw this.#failed.error;
    this.#session = this.open();
    try {
      return await this.#session;
    } catch (error) {
      this.#session = undefined;
      this.#failed = { error, at: Date.now() };
      throw error;
    }
  }
}

const identity = ({ map, key }: ElementKey): string => `${map} ${keyId(key)}`;

const show = (element: Element | undefined): string => (element ? `\`${formatElement(element)}\`` : 'absent');

/** Which write a line of a batch belongs to, and which of its own lines that is. */
function owning(batch: readonly Write[], number: number): { write: Write; line: number } | undefined {
  let line = number - 1;
  for (const write of batch) {
    const length = formatTransaction(write.transaction).length;
    if (line >= 0 && line < length) return { write, line };
    line -= length;
  }
  return undefined;
}

function checked(title: string, answer: Answer): Answer {
  if (/^ok( |$)/.test(answer.verdict)) return answer;
  throw new RefusedError(`${title} says: ${answer.verdict.replace(/^(error|refused \d+) /, '')}`);
}
