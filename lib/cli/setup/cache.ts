import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is expensive to make and the same for every clone: outside all of them. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env.MAILVERSAND_CACHE) return env.MAILVERSAND_CACHE;
  return join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), '.cache'), 'mailversand');
}
