import { join } from 'node:path';
import { execa } from 'execa';
import type { Command } from '../provider/transport/session.js';
import { ExitCode } from './exit.js';
import type { Io } from './io.js';
import { packageRoot } from './project.js';

/** Set in the program that runs at the desk. */
const SEATED = 'MAILVERSAND_AT_DESK';

const desk = join(packageRoot, 'templates/rehearsal/desk');

const isElsewhere = (env: Io['env']): boolean => Boolean(env.MAILVERSAND_REHEARSAL && !env[SEATED]);

/**
 * Runs this program again at a rehearsal's desk, if there is a rehearsal: from this machine's own network its far
 * ends cannot be reached (docs/decisions/0005). undefined: go on here.
 */
export async function atDesk({ env }: Io): Promise<ExitCode | undefined> {
  if (!isElsewhere(env)) return undefined;
  const [, program = '', ...words] = process.argv;
  const { exitCode } = await execa(desk, [process.execPath, program, ...words], {
    env: { ...env, [SEATED]: '1' },
    stdio: 'inherit',
    reject: false,
  });
  return (exitCode ?? ExitCode.failed) as ExitCode;
}

/** A session that is opened at the desk, if there is a rehearsal, for a program that itself goes on here. */
export const sessionAtDesk = ({ env }: Pick<Io, 'env'>, command: Command): Command =>
  isElsewhere(env)
    ? { ...command, program: desk, args: [command.program, ...command.args], env: { ...process.env, ...env } }
    : command;
