import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { LocalBackend, type TerraformStack } from 'cdktf';

/**
 * State lies outside the output folder: the CLI deletes every `stacks/NAME` there that the last synthesis did
 * not write, and with it what lies in it.
 */
export interface StateFolder {
  /** The synthesis's output, as the CLI handed it over. */
  readonly output: string;
  /** Where each stack has its `NAME.tfstate`. */
  readonly states: string;
}

/** From the environment that the CLI and the engineer give. */
export const stateFolder = (env: NodeJS.ProcessEnv): StateFolder => ({
  output: env.CDKTF_OUTDIR ?? 'cdktf.out',
  states: env.MAILVERSAND_STATE_DIR ?? join('.mailversand', 'state'),
});

/**
 * Keeps the stack's state in the state folder. The path is relative to the stack's own folder, where the engine
 * runs: so what is synthesised is the same on every machine, and every output folder leads to the one state.
 */
export function keepState(stack: TerraformStack, folder: StateFolder): void {
  mkdirSync(folder.states, { recursive: true, mode: 0o700 });
  mkdirSync(folder.output, { recursive: true });
  // `..` out of a folder behind a symbolic link does not lead to where its text says.
  const stackFolder = join(realpathSync(folder.output), 'stacks', stack.node.id);
  const path = join(relative(stackFolder, realpathSync(folder.states)), `${stack.node.id}.tfstate`);
  new LocalBackend(stack, { path });
}

/** A state that the engine could not write where it belongs, and that has to be looked at. */
export interface StrandedState {
  /** Absolute paths. */
  readonly file: string;
  readonly state: string;
  readonly reason: string;
}

/**
 * With a full disk the engine leaves the new state as `errored.tfstate` in the stack's folder, which the CLI
 * may delete after the next synthesis. Puts it where it belongs if it succeeds what is there, by the rule of
 * the engine's own `state push`, and returns those where it does not.
 */
export function rescueStates(folder: StateFolder): StrandedState[] {
  const stacks = resolve(folder.output, 'stacks');
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  return names.flatMap((name) => {
    const file = join(stacks, name, 'errored.tfstate');
    if (!existsSync(file)) return [];
    const state = resolve(folder.states, `${name}.tfstate`);
    const reason = obstacle(file, state, resolve(folder.states, `.${name}.tfstate.lock.info`));
    if (reason !== undefined) return { file, state, reason };
    mkdirSync(folder.states, { recursive: true, mode: 0o700 });
    // Complete before it has the name, and gone from here only then.
    copyFileSync(file, `${state}.rescued`);
    renameSync(`${state}.rescued`, state);
    rmSync(file);
    return [];
  });
}

/** Why the one state does not simply succeed the other. */
function obstacle(file: string, state: string, lock: string): string | undefined {
  if (existsSync(lock)) return 'the state is locked: an engine is at work on it, or was killed';
  const stranded = version(file);
  if (!stranded) return 'it is cut off';
  if (!existsSync(state)) return undefined;
  const kept = version(state);
  if (!kept) return 'the state cannot be read';
  if (stranded.lineage !== kept.lineage) return 'it is of another lineage than the state';
  return stranded.serial > kept.serial ? undefined : 'the state was written again since then';
}

interface StateVersion {
  lineage: string;
  serial: number;
}

/** Undefined: cut off, as a full disk may leave it. */
function version(file: string): StateVersion | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StateVersion;
  } catch {
    return undefined;
  }
}
