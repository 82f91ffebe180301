import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** Where Debian keeps what only root calls; not on the PATH of everybody. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Absolute path of a program on the PATH, or in the system folders. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, ...SYSTEM_FOLDERS].map((folder) => join(folder, name)).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export interface Outcome {
  readonly exit: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called with every line of either stream. @default kept silent */
  readonly line?: (text: string) => void;
}

/** Runs a program without a terminal and without standard input; its exit code is a value. */
export async function run(path: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const child = execa(path, args, {
    cwd: options.cwd,
    env: options.env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  const { line } = options;
  if (line) for await (const text of child.iterable({ from: 'all' })) line(text);
  const result = await child;
  return {
    exit: result.exitCode ?? 1,
    output: result.exitCode === undefined ? `${result.all}\n${result.message}` : result.all,
    stdout: result.stdout,
  };
}
