import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withoutChatter } from './chatter.js';
import { Failure } from './failure.js';
import type { Io } from './io.js';
import { stripColour } from './outcome.js';
import { withoutProgress } from './progress.js';
import type { Project } from './project.js';
import { run } from './programs.js';
import { withLock } from './setup/lock.js';
import type { Engine } from './setup/engine.js';
import type { EngineEnvironment } from './setup/environment.js';

export interface CdktfRun {
  readonly exit: number;
  readonly output: string;
  /** Path of the folder in which the engine ran. */
  readonly stackFolder: string;
}

export interface CdktfProps {
  readonly project: Project;
  readonly environment: EngineEnvironment;
  /** Gets every line that CDKTF and the engine print. */
  readonly line: (text: string) => void;
}

/**
 * `cdktf deploy` or `cdktf diff` of one stack. Only that stack is synthesised, into an output folder of its
 * own: several municipalities at a time do not disturb each other, and the time does not grow with the fleet.
 */
export async function cdktf(
  io: Io,
  { project, environment, line }: CdktfProps,
  args: readonly [command: 'deploy' | 'diff', stack: string, ...options: string[]],
): Promise<CdktfRun> {
  const [command, stack] = args;
  const output = join(project.outputs, stack);
  mkdirSync(output, { recursive: true });
  const waiting = (pid: number): void => io.note(`Waiting for process ${pid}, which works on ${stack} …`);
  return withLock(`${output}.lock`, waiting, async () => {
    const env = {
      ...io.env,
      ...environment,
      CDKTF_OUTPUT: output,
      MAILVERSAND_ONLY: stack,
      MAILVERSAND_STATE_DIR: project.states,
      MAILVERSAND_PLATFORM: project.platform,
      MAILVERSAND_MUNICIPALITIES: project.municipalities,
    };
    const colour = io.colour ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' };
    const lines: string[] = [];
    const heard = withoutChatter(line);
    const news = withoutProgress((text) => {
      lines.push(text);
      heard(text);
    });
    const { exit } = await run(process.execPath, [cdktfProgram(project), ...args], {
      cwd: project.root,
      env: { ...env, ...colour },
      line: news,
    });
    const stackFolder = join(output, 'stacks', stack);
    if (exit !== 0 && isCutOff(lines.join('\n')))
      await run(
        environment.TERRAFORM_BINARY_NAME ?? '',
        ['plan', '-input=false', ...(io.colour ? [] : ['-no-color'])],
        {
          cwd: stackFolder,
          env,
          line: news,
        },
      );
    if (command === 'deploy') refuseStranded(stackFolder);
    return { exit, output: lines.join('\n'), stackFolder };
  });
}

/**
 * CDKTF's program may end before it has passed on everything that the engine said, on a machine that is busy: then
 * nobody would know by which rule a deploy was refused. The engine is asked again, past that program.
 */
const isCutOff = (output: string): boolean =>
  output.includes('Invoking Terraform CLI failed') && !/\bError: /.test(stripColour(output));

/** The plan that `cdktf diff` left in the stack's folder: exactly what was shown, whatever the files say by now. */
export async function applyShownPlan(
  io: Io,
  engine: Engine,
  { environment, line }: Omit<CdktfProps, 'project'>,
  stackFolder: string,
): Promise<CdktfRun> {
  const args = ['apply', '-input=false', ...(io.colour ? [] : ['-no-color']), 'plan'];
  const env = { ...io.env, ...environment };
  const { exit, output } = await run(engine.path, args, { cwd: stackFolder, env, line });
  refuseStranded(stackFolder);
  return { exit, output, stackFolder };
}

/** A state that could not be written lies beside the stack until the next synthesis puts it in its place. */
function refuseStranded(stackFolder: string): void {
  const stranded = join(stackFolder, 'errored.tfstate');
  if (existsSync(stranded)) throw strandedState(stranded);
}

function cdktfProgram(project: Project): string {
  try {
    const require = createRequire(join(project.root, 'package.json'));
    return join(require.resolve('cdktf-cli/package.json'), '..', 'bundle', 'bin', 'cdktf.js');
  } catch {
    throw new Failure({
      what: `cdktf-cli is not installed in ${project.root}`,
      remedy: 'npm ci, or npm install --save-dev cdktf-cli@0.21.0',
      rule: 'cdktf-missing',
    });
  }
}

const strandedState = (file: string): Failure =>
  new Failure({
    what: `the state could not be written where it belongs and lies in ${file}`,
    details: ['what was applied is applied, and this file knows of it: do not delete it'],
    remedy: 'make room on the disk and run the same command again; it puts the state in its place first',
    rule: 'state-stranded',
  });
