import { join } from 'node:path';
import { execa } from 'execa';
import { ExitCode } from './exit.js';
import type { Io } from './io.js';
import { packageRoot } from './project.js';

/** Set in the program that runs at the desk. */
const SEATED = 'MAILVERSAND_AT_DESK';

/**
 * Runs this program again at a rehearsal's desk, if there is a rehearsal: from this machine's own network its far
 * ends cannot be reached (docs/decisions/0005). undefined: go on here.
 */
export async function atDesk({ env }: Io): Promise<ExitCode | undefined> {
  if (!env.MAILVERSAND_REHEARSAL || env[SEATED]) return undefined;
  const [, program = '', ...words] = process.argv;
  const desk = join(packageRoot, 'templates/rehearsal/desk');
  const { exitCode } = await execa(desk, [process.execPath, program, ...words], {
    env: { ...env, [SEATED]: '1' },
    stdio: 'inherit',
    reject: false,
  });
  return (exitCode ?? ExitCode.failed) as ExitCode;
}
