import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { RefusedError, UnreachableError } from '../element.js';
import { explain, noSession } from './explain.js';

/** A child process that speaks the line protocol of templates/mailversand-session. */
export interface Command {
  program: string;
  args: readonly string[];
  /** @default this process's */
  env?: NodeJS.ProcessEnv;
  /** Removes what only the connecting needed. */
  connected?(): Promise<void>;
}

export interface SessionTimes {
  /** Milliseconds from the start of the child to its first line. @default 20000 */
  hello?: number;
  /** Milliseconds from a request to its answer; longer than the far end waits for its lock. @default 120000 */
  request?: number;
}

/** What came before the verdict, and the verdict: `ok …`, `conflict …`, `refused …` or `error …`. */
export interface Answer {
  lines: string[];
  verdict: string;
}

const verdict = /^(ok|conflict|refused|error)( |$)/;

/** One session with a far end: one request at a time, answered in order. */
export class Session {
  /** False once its process has ended. */
  alive = true;
  #child: ChildProcessWithoutNullStreams;
  #stderr = '';
  #rest = '';
  #answer: Answer = { lines: [], verdict: '' };
  #waiting: { resolve: (line: Answer) => void; reject: (error: Error) => void } | undefined;
  #greeted = false;
  #end: Promise<void>;

  private constructor(
    readonly title: string,
    command: Command,
    private readonly times: Required<SessionTimes>,
  ) {
    this.#child = spawn(command.program, command.args, { env: command.env ?? process.env, stdio: 'pipe' });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000);
    });
    // A broken pipe is told by the process's end.
    this.#child.stdin.on('error', () => undefined);
    this.#end = new Promise((resolve) => {
      this.#child.on('error', (error) => this.#ended(error.message, resolve));
      this.#child.on('close', (code, signal) =>
        this.#ended(`it ended with ${signal ?? code ?? 'nothing'}`, resolve),
      );
    });
  }

  /**
   * Starts the command and waits for its greeting.
   * @returns the session and the version of the platform's base, undefined if that is missing
   */
  static async open(
    title: string,
    target: string,
    command: Command,
    { hello = 20_000, request = 120_000 }: SessionTimes = {},
  ): Promise<{ session: Session; base: string | undefined }> {
    const session = new Session(title, command, { hello, request });
    try {
      const { verdict: greeting } = await session.#next(hello);
      const [word, name, protocol, base, ...more] = greeting.split(' ');
      if (word === 'error') throw new RefusedError(`${title} answers: ${greeting.slice(6)}`);
      if (word !== 'hello' || base === undefined || more.length > 0) throw noSession(title, greeting);
      if (name !== target || protocol !== '1') {
        throw new UnreachableError(
          `${title} answers as ${name ?? ''} with protocol ${protocol ?? ''}, expected is ${target} with protocol 1: install the forced command of this version (templates/)`,
        );
      }
      session.#greeted = true;
      return { session, base: base === '-' ? undefined : base };
    } catch (error) {
      await session.close();
      throw error;
    } finally {
      await command.connected?.();
    }
  }

  /** Sends the lines of one request. The caller waits for the answer before the next. */
  request(lines: readonly string[]): Promise<Answer> {
    const answer = this.#next(this.times.request);
    this.#child.stdin.write(lines.map((line) => `${line}\n`).join(''));
    return answer;
  }

  /** Lets the far end finish what it does, then ends the process. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await this.#end;
    clearTimeout(kill);
  }

  #next(milliseconds: number): Promise<Answer> {
    if (!this.alive) return Promise.reject(explain(this.title, this.#stderr, 'the session has ended'));
    if (this.#waiting)
      return Promise.reject(new Error(`${this.title}: a request before the last was answered`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // What answers later would be taken for the answer to something else.
        this.alive = false;
        this.#child.kill('SIGKILL');
        reject(
          this.#greeted
            ? explain(
                this.title,
                this.#stderr,
                `no answer within ${milliseconds / 1000} s; whether it was done is unknown`,
              )
            : explain(this.title, this.#stderr, `no greeting within ${milliseconds / 1000} s`, true),
        );
      }, milliseconds);
      const settled = (): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
      };
      this.#waiting = {
        resolve: (answer) => (settled(), resolve(answer)),
        reject: (error) => (settled(), reject(error)),
      };
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('| ') && this.#greeted) this.#answer.lines.push(line.slice(2));
      else if (!this.#greeted || verdict.test(line)) {
        const answer = { ...this.#answer, verdict: line };
        this.#answer = { lines: [], verdict: '' };
        this.#waiting?.resolve(answer);
      }
    }
  }

  #ended(how: string, resolve: () => void): void {
    this.alive = false;
    this.#waiting?.reject(explain(this.title, this.#stderr, how));
    resolve();
  }
}
