import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../project.js';

/** The Go module in `engine/` that pins OpenTofu and everything it is built from. */
export interface EngineModule {
  readonly folder: string;
  /** Of OpenTofu, `1.12.6`. */
  readonly version: string;
  /** The oldest Go that builds it, `1.26.6`. */
  readonly go: string;
  /** Of both files of the module: another digest, another program. */
  readonly digest: string;
}

/** @param folder @default the `engine` folder of this package */
export function readEngineModule(folder = join(packageRoot, 'engine')): EngineModule {
  const mod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const sum = readFileSync(join(folder, 'go.sum'), 'utf8');
  return {
    folder,
    version: capture(mod, /^\s*github\.com\/opentofu\/opentofu v(\d+\.\d+\.\d+)/m),
    go: capture(mod, /^go (\d+\.\d+(?:\.\d+)?)$/m),
    digest: createHash('sha256').update(mod).update(sum).digest('hex').slice(0, 12),
  };
}

function capture(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`engine/go.mod has no line that matches ${String(pattern)}`);
  return found;
}
