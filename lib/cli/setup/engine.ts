import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { findProgram, isProgram, run } from '../programs.js';
import { buildOpenTofu, builtEngine } from './opentofu.js';
import { isAtLeast, parseVersion, type Version } from './version.js';

/** The program that plans and applies. */
export interface Engine {
  readonly name: 'OpenTofu' | 'Terraform';
  readonly version: string;
  readonly path: string;
}

/** The first with everything that the stacks and the provider need; both engines count alike up to here. */
const LEAST: Version = [1, 8, 0];

export interface EngineSearch {
  readonly found?: Engine;
  /** What was looked at and not taken, with the reason. */
  readonly passedOver: string[];
}

/**
 * The engine in use: the one that TERRAFORM_BINARY_NAME names, `tofu` or `terraform` from the PATH, or what
 * was built before. Looks only; nothing is built.
 */
export async function findEngine(env: NodeJS.ProcessEnv): Promise<EngineSearch> {
  const named = env.TERRAFORM_BINARY_NAME;
  if (named) return { found: await namedEngine(named, env), passedOver: [] };
  const passedOver: string[] = [];
  const candidates = [findProgram('tofu', env), findProgram('terraform', env), builtEngine(env)];
  for (const path of candidates) {
    if (path === undefined || !isProgram(path)) continue;
    const engine = await askVersion(path, env);
    if (typeof engine === 'string') passedOver.push(`${path}: ${engine}`);
    else return { found: engine, passedOver };
  }
  return { passedOver };
}

/** The engine in use; OpenTofu is built if there is none. */
export async function provideEngine(io: Io): Promise<Engine> {
  const { found, passedOver } = await findEngine(io.env);
  for (const reason of passedOver) io.note(`Not used: ${reason}`);
  return found ?? provideOpenTofu(io);
}

/** The OpenTofu that this package pins, which the tests are run with, whatever else is installed. */
export async function provideOpenTofu(io: Io): Promise<Engine> {
  const path = await buildOpenTofu(io);
  const engine = await askVersion(path, io.env);
  if (typeof engine !== 'string') return engine;
  throw new Failure({
    what: `${path}: ${engine}`,
    remedy: `remove ${path} and start this again`,
    rule: 'engine-broken',
  });
}

async function namedEngine(named: string, env: NodeJS.ProcessEnv): Promise<Engine> {
  const path = named.includes('/') ? named : findProgram(named, env);
  const engine = path !== undefined && isProgram(path) ? await askVersion(path, env) : 'not found';
  if (typeof engine !== 'string') return engine;
  throw new Failure({
    what: `TERRAFORM_BINARY_NAME is ${named}: ${engine}`,
    remedy: 'name a tofu or terraform, 1.8 or newer, or unset the variable',
    rule: 'engine-unusable',
  });
}

/** The engine behind a path, or why it is none for us. */
async function askVersion(path: string, env: NodeJS.ProcessEnv): Promise<Engine | string> {
  const options = { cwd: '/', env: { ...env, CHECKPOINT_DISABLE: '1' } };
  const { stdout, exit, output } = await run(path, ['version'], options);
  const [, name, text] = /^(OpenTofu|Terraform) v(\S+)/m.exec(stdout) ?? [];
  const version = text === undefined ? undefined : parseVersion(text);
  if (exit !== 0 || !version) return `does not tell its version (${output.trim().split('\n')[0] ?? ''})`;
  const engine = { name: name as Engine['name'], version: text ?? '', path };
  if (isAtLeast(version, LEAST)) return engine;
  return `${engine.name} ${engine.version} is too old, ${LEAST.slice(0, 2).join('.')} or newer is needed`;
}
