import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './project.js';
import { findEngine } from './setup/engine.js';

/** The three versions that an error report needs. */
export async function versions(env: NodeJS.ProcessEnv): Promise<string> {
  const { version } = readJson(join(packageRoot, 'package.json')) as { version: string };
  const provider = readJson(join(packageRoot, 'dist/provider/build.json')) as { version: string } | undefined;
  const { found } = await findEngine(env);
  return (
    `mailversand ${version}\n` +
    `providers   ${provider?.version ?? 'not built'}\n` +
    `engine      ${found ? `${found.name} ${found.version} (${found.path})` : 'none yet; npx mailversand setup'}\n`
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
