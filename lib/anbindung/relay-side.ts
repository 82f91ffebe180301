import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import { explain, noSession } from '../provider/transport/explain.js';
import { Session, type Answer, type Command } from '../provider/transport/session.js';
import { connectFailure, type ConnectFailure } from './connect-failure.js';

/**
 * Starts the relay's forced command for the connection test: the first for questions, which lives as long as the
 * test, the others for one connection each.
 */
export type OpenCommand = (role: 'first' | 'connection') => Promise<Command>;

/** How a connection from the relay went: a pipe of bytes, or why there is none. */
export type Attempt = { pipe: Duplex; milliseconds: number } | { failure: ConnectFailure; words: string };

/** One of several connections that were open at the same time; undefined: nothing came. */
export interface Simultaneous {
  banner: string | undefined;
  hello: string | undefined;
}

/** Milliseconds until the relay has to have greeted. */
const greetingTime = 20_000;
const greeting = 'hello probe 1 1';

/** What the connection test does from the relay (templates/relay/mailversand-probe). */
export class RelaySide {
  #session: Promise<Session> | undefined;
  /** Ends with the last question asked. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    /** For messages: `relay relay1 (mv-probe@10.64.0.10)`. */
    readonly title: string,
    private readonly open: OpenCommand,
  ) {}

  /**
   * Connects from the relay's outgoing address.
   * @param milliseconds after which silence counts as no connection
   * @throws UnreachableError when the relay itself cannot be asked
   */
  async connect(address: string, port: number, milliseconds: number): Promise<Attempt> {
    await this.#opened();
    const command = await this.open('connection');
    const child = spawn(command.program, command.args, { env: command.env ?? process.env, stdio: 'pipe' });
    child.stdin.on('error', () => undefined);
    try {
      await greeted(this.title, child);
    } finally {
      await command.connected?.();
    }
    const began = Date.now();
    child.stdin.write(`connect ${address} ${port}\n`);
    const words = await firstWords(child, milliseconds);
    if (words === undefined) return { pipe: pipeOf(child), milliseconds: Date.now() - began };
    child.kill('SIGKILL');
    return { failure: connectFailure(words), words };
  }

  /** Opens several connections at once and keeps them open for some seconds. */
  async parallel(address: string, port: number, count: number): Promise<Simultaneous[]> {
    const { lines } = await this.#ask(`parallel ${address} ${port} ${count}`);
    const said = (text: string | undefined): string | undefined => (text === '-' ? undefined : text);
    return lines.map((line) => {
      const [, banner, hello] = line.split('\t');
      return { banner: said(banner), hello: said(hello) };
    });
  }

  /** The relay's log lines about the mail whose Message-ID begins so. */
  async trace(id: string): Promise<string[]> {
    return (await this.#ask(`trace ${id}`)).lines;
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  async #ask(request: string): Promise<Answer> {
    // Servers are tested at the same time, and one session answers one question after the other.
    const asked = this.#last.then(async () => (await this.#opened()).request([request]));
    this.#last = asked.catch(() => undefined);
    const answer = await asked;
    if (answer.verdict === 'ok') return answer;
    throw noSession(this.title, answer.verdict);
  }

  #opened(): Promise<Session> {
    this.#session ??= this.open('first').then(async (command) => {
      const { session } = await Session.open(this.title, 'probe', command);
      return session;
    });
    return this.#session;
  }
}

const pipeOf = (child: ChildProcessWithoutNullStreams): Duplex => {
  const pipe = Duplex.from({ readable: child.stdout, writable: child.stdin });
  // The pipe's end is the connection's end, whoever ends it.
  pipe.once('close', () => child.kill());
  return pipe;
};

/** Waits for the forced command's greeting. */
function greeted(title: string, child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    let said = '';
    const stderr = (data: Buffer): void => void (complaint += data.toString());
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      child.stderr.off('data', stderr);
      child.stdout.off('data', stdout);
      child.removeAllListeners('close');
      child.stdout.pause();
      if (!error) return resolve();
      child.kill('SIGKILL');
      reject(error);
    };
    const stdout = (data: Buffer): void => {
      said += data.toString('latin1');
      if (!said.includes('\n')) return;
      if (said.trimEnd() === greeting) settle();
      else settle(noSession(title, said.split('\n')[0] ?? ''));
    };
    const timer = setTimeout(
      () => settle(explain(title, complaint, `no greeting within ${greetingTime / 1000} s`, true)),
      greetingTime,
    );
    child.stderr.on('data', stderr);
    child.stdout.on('data', stdout);
    child.once('error', (error) => settle(explain(title, complaint, error.message)));
    child.once('close', (code) => settle(explain(title, complaint, `it ended with ${code ?? 'a signal'}`)));
  });
}

/** @returns undefined once the connection stands; else what was said, empty when nothing was in time */
function firstWords(
  child: ChildProcessWithoutNullStreams,
  milliseconds: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let words = '';
    const settle = (result: string | undefined): void => {
      clearTimeout(timer);
      child.stdout.off('readable', readable);
      child.stderr.off('data', stderr);
      child.off('close', closed);
      child.stderr.resume();
      resolve(result);
    };
    const timer = setTimeout(() => settle(words), milliseconds);
    const stderr = (data: Buffer): void => {
      words += data.toString('latin1');
      if (/succeeded!/.test(words)) settle(undefined);
      else if (/failed: .*\n/.test(words)) settle(words);
    };
    const readable = (): void => {
      const begin = child.stdout.read() as Buffer | null;
      if (begin === null) return;
      child.stdout.unshift(begin);
      // The relay's own refusal, or already the banner.
      settle(/^(refused|error) /.test(begin.toString('latin1')) ? begin.toString('latin1') : undefined);
    };
    const closed = (): void => settle(words || 'closed');
    child.stderr.on('data', stderr);
    child.stdout.on('readable', readable);
    child.once('close', closed);
  });
}
