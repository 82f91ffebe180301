import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from './failure.js';
import { ExitCode } from './exit.js';

/** Where this package lies: `engine`, `templates` and the provider belong to it, in a clone and installed. */
export const packageRoot = findUpwards(import.meta.dirname, 'package.json') ?? import.meta.dirname;

/** A folder with an app that is deployed by CDKTF: `cdktf.json`, `municipalities`, `stacks/platforms`. */
export interface Project {
  readonly root: string;
  readonly municipalities: string;
  /** Path of the platform file. */
  readonly platform: string;
  /** Path of the folder with one `NAME.tfstate` a stack. */
  readonly states: string;
  /** What the set-up writes for this project: providers, the engine's configuration. */
  readonly work: string;
  /**
   * Output folders, one a stack, beside the states they lead to: an engine remembers in them which state it
   * worked on, and would want to move it.
   */
  readonly outputs: string;
}

export function findProject(cwd: string, env: NodeJS.ProcessEnv): Project {
  const root = findUpwards(cwd, 'cdktf.json');
  if (root === undefined) {
    throw new Failure({
      what: `no cdktf.json in ${cwd} or above it`,
      remedy: 'change to the folder of the project',
      rule: 'no-project',
      exit: ExitCode.badInput,
    });
  }
  const states = resolve(root, env.MAILVERSAND_STATE_DIR ?? '.mailversand/state');
  return {
    root,
    municipalities: resolve(root, env.MAILVERSAND_MUNICIPALITIES ?? 'municipalities'),
    platform: resolve(root, env.MAILVERSAND_PLATFORM ?? 'stacks/platforms/rehearsal.yaml'),
    states,
    work: join(root, '.mailversand'),
    outputs: join(states, '..', 'out'),
  };
}

function findUpwards(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findUpwards(parent, name);
}
