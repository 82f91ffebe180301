import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExitCode } from '../../../lib/cli/exit.js';
import { runProgram } from '../../../lib/cli/program.js';
import { folderWith, testIo, type TestIo } from '../harness.js';

export const root = join(import.meta.dirname, '../../..');
export const musterstadt = readFileSync(join(root, 'municipalities/musterstadt.yaml'), 'utf8');
export const platform = readFileSync(join(root, 'stacks/platforms/rehearsal.yaml'), 'utf8');

/** A project with one municipality at stage 0. */
export const project = (files: Record<string, string> = {}): string =>
  folderWith({
    'cdktf.json': '{}',
    'municipalities/musterstadt.yaml': musterstadt,
    'stacks/platforms/rehearsal.yaml': platform,
    ...files,
  });

/** The program as a person calls it in a folder. */
export async function mailversand(
  cwd: string,
  ...args: string[]
): Promise<TestIo['printed'] & { exit: ExitCode }> {
  const io = testIo({ cwd, env: { PATH: cwd, MAILVERSAND_CACHE: cwd } });
  const exit = await runProgram(args, io);
  return { exit, ...io.printed };
}
