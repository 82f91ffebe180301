import { createInterface } from 'node:readline/promises';

/** A command's view of the world outside; tests hand over their own. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Whether a person sits at it: questions, moving progress. */
  readonly interactive: boolean;
  readonly colour: boolean;
  /** Columns of the terminal; tables without a terminal are not cut. */
  readonly width: number | undefined;
  /** Results, to standard output. */
  out(text: string): void;
  /** What is being done and what went wrong, to standard error. */
  note(text: string): void;
  /**
   * A step that may take long. Its title is printed once; on a terminal the time it takes and what it says of
   * itself are shown while it runs.
   */
  step<T>(title: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T>;
  /** Asks for `yes`. Only if `interactive`. */
  confirm(question: string): Promise<boolean>;
}

/** The process's own terminal, or what it was redirected to. */
export function processIo(process: NodeJS.Process): Io {
  const { env, stdin, stdout, stderr } = process;
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const moving = stderr.isTTY && !plain && env.TERM !== 'dumb';
  const note = (text: string): void => void stderr.write(`${text}\n`);
  return {
    env,
    cwd: process.cwd(),
    interactive: stdin.isTTY && stdout.isTTY,
    colour: stdout.isTTY && !plain && env.TERM !== 'dumb',
    width: stdout.isTTY ? stdout.columns : undefined,
    out: (text) => void stdout.write(text),
    note,
    step: (title, work) => (moving ? movingStep(stderr, title, work) : plainStep(note, title, work)),
    confirm: async (question) => {
      const lines = createInterface({ input: stdin, output: stdout });
      try {
        return (await lines.question(`${question} Type yes to go on: `)).trim() === 'yes';
      } finally {
        lines.close();
      }
    },
  };
}

async function plainStep<T>(
  note: (text: string) => void,
  title: string,
  work: (say: (detail: string) => void) => Promise<T>,
): Promise<T> {
  note(`${title} …`);
  return work(() => undefined);
}

async function movingStep<T>(
  stream: NodeJS.WriteStream,
  title: string,
  work: (say: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const start = Date.now();
  let detail = '';
  const seconds = (): string => `${Math.round((Date.now() - start) / 1000)} s`;
  const draw = (): void => {
    const line = `${title} … ${seconds()} ${detail}`;
    stream.write(`\r\u001b[K${line.slice(0, stream.columns - 1)}`);
  };
  draw();
  const timer = setInterval(draw, 500);
  try {
    const result = await work((said) => (detail = said));
    stream.write(`\r\u001b[K${title}: ${seconds()}\n`);
    return result;
  } catch (error) {
    stream.write(`\r\u001b[K${title}: failed after ${seconds()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
