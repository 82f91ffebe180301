import { join } from 'node:path';
import { execa } from 'execa';
import { RehearsalError } from './error.js';
import { packageRoot } from './files.js';
import type { Rehearsal } from './running.js';

export interface DeployOptions {
  /** Gets the number of its process. */
  started?: (pid: number) => void;
  /** How long it may wait where only time stands against it, `90s`. @default it is refused */
  wait?: string | undefined;
}

/** What an engineer types, in a rehearsal. */
export interface Tools {
  /** `mailversand deploy STACK`, which runs `cdktf deploy STACK`. */
  deploy(stack: string, options?: DeployOptions): Promise<void>;
  /** Whether the engine plans nothing for a stack that was just deployed. @returns its plan if it does */
  planned(stack: string): Promise<string | undefined>;
  /** `mailversand anbindungstest MUNICIPALITY`, with the files of the answers that it is to judge */
  connectionTest(municipality: string, answers?: readonly string[]): Promise<void>;
  /** `mailversand stage MUNICIPALITY …` */
  stage(municipality: string, ...argv: string[]): Promise<void>;
}

/** How many lines of a failed command are shown. */
const shownLines = 60;

/** The program's own commands, run as a person would run them, in `root`, the folder of the project. */
export async function commandTools(rehearsal: Rehearsal, root: string): Promise<Tools> {
  const program = join(packageRoot(), 'dist/lib/cli/main.js');
  const env = { ...process.env, ...rehearsal.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  const mailversand = async (argv: string[], started?: (pid: number) => void): Promise<string> => {
    const running = execa(process.execPath, [program, ...argv], {
      cwd: root,
      env,
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    if (running.pid !== undefined) started?.(running.pid);
    const { exitCode, all, stdout } = await running;
    if (exitCode === 0) return stdout;
    throw new RehearsalError(
      `mailversand ${argv.join(' ')} ended with exit code ${exitCode ?? '?'}:\n${lastLines(all)}`,
    );
  };
  const engine = exported(await mailversand(['env']));
  // Beside the states, as the command line keeps them.
  const folder = (stack: string): string =>
    join(rehearsal.env['MAILVERSAND_STATE_DIR'] ?? '', '..', 'out', stack, 'stacks', stack);
  return {
    deploy: async (stack, { started, wait } = {}) => {
      await mailversand(['deploy', stack, '--yes', ...(wait === undefined ? [] : ['--wait', wait])], started);
    },
    connectionTest: async (municipality, answers = []) => {
      await mailversand(['anbindungstest', municipality, ...answers.flatMap((file) => ['--antwort', file])]);
    },
    stage: async (municipality, ...argv) => {
      await mailversand(['stage', municipality, ...argv]);
    },
    planned: async (stack) => {
      // Straight to the engine: what cdktf synthesised for the deploy is what would be planned.
      const argv = [`-chdir=${folder(stack)}`, 'plan', '-input=false', '-no-color', '-detailed-exitcode'];
      const program = engine['TERRAFORM_BINARY_NAME'] ?? 'tofu';
      const { exitCode, all } = await execa(program, argv, {
        env: { ...env, ...engine },
        all: true,
        reject: false,
        stdin: 'ignore',
      });
      return exitCode === 0 ? undefined : lastLines(all);
    },
  };
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-shownLines).join('\n');

/** Lines `export NAME='VALUE'`, as `mailversand env` prints them for a shell. */
export function exported(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)='((?:[^']|'\\'')*)'$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll("'\\''", "'"),
    ]),
  );
}
