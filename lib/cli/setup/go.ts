import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { findProgram, run } from '../programs.js';
import { installPackages, canInstall } from './packages.js';
import { isAtLeast, parseVersion } from './version.js';

/** A Go that can build the engine, and the variables it is to be called with. */
export interface Go {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * The installed Go, if it is new enough. An older one, also Debian 12's 1.19, can still fetch the right one
 * from the module proxy, where Go publishes its toolchains, checked against Go's checksum database; without
 * any Go, root on Debian gets the old one from Debian first.
 * @param needed version of the `go` line in go.mod
 * @param scratch folder for what is fetched; the caller removes it after the build
 */
export async function provideGo(io: Io, needed: string, scratch: string): Promise<Go> {
  const found = findProgram('go', io.env) ?? (await installGo(io));
  if (found === undefined) throw noGo(needed, ['no Go on the PATH']);
  const version = await goVersion(found, io.env);
  if (isNewEnough(version, needed)) {
    return { path: found, env: { ...io.env, GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' } };
  }
  return io.step(`Fetching Go ${needed}, because ${found} is ${version}`, () =>
    fetchToolchain(io, found, needed, scratch),
  );
}

const isNewEnough = (version: string, needed: string): boolean => {
  const [have, least] = [parseVersion(version), parseVersion(needed)];
  return have !== undefined && least !== undefined && isAtLeast(have, least);
};

async function goVersion(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(path, ['env', 'GOVERSION'], {
    cwd: '/',
    env: { ...env, GOTOOLCHAIN: 'local' },
  });
  return stdout.trim().replace(/^go/, '');
}

async function installGo(io: Io): Promise<string | undefined> {
  if (!canInstall(io.env)) return undefined;
  await installPackages(io, ['golang-go']);
  return findProgram('go', io.env);
}

async function fetchToolchain(io: Io, go: string, needed: string, scratch: string): Promise<Go> {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const module = `golang.org/toolchain@v0.0.1-go${needed}.${process.platform}-${architecture}`;
  mkdirSync(scratch, { recursive: true });
  const env = {
    ...io.env,
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    GOPATH: join(scratch, 'path'),
    GOMODCACHE: join(scratch, 'modules'),
    GOCACHE: join(scratch, 'build'),
    // Without it the caches are write-protected and cannot be removed in the ordinary way.
    GOFLAGS: '-modcacherw',
    CGO_ENABLED: '0',
  };
  const { exit, output } = await run(go, ['mod', 'download', '-json', module], { cwd: scratch, env });
  if (exit !== 0) throw noGo(needed, output.trim().split('\n').slice(-3));
  const root = join(scratch, 'modules', module);
  completeToolchain(root);
  return { path: join(root, 'bin', 'go'), env: { ...env, GOROOT: root } };
}

/**
 * A module can hold neither run bits nor a nested go.mod, so a toolchain's module comes without both. Go 1.21
 * and newer put them back when they fetch a toolchain for themselves; 1.19 does not know of it.
 */
export function completeToolchain(root: string): void {
  for (const file of filesBelow(join(root, 'bin'))) chmodSync(file, 0o755);
  for (const file of filesBelow(join(root, 'pkg', 'tool'))) chmodSync(file, 0o755);
  for (const file of filesBelow(join(root, 'src'))) {
    if (file.endsWith('/_go.mod')) copyFileSync(file, join(dirname(file), 'go.mod'));
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const noGo = (needed: string, details: string[]): Failure =>
  new Failure({
    what: 'there is no engine, and OpenTofu cannot be built',
    details,
    remedy:
      `install OpenTofu or Terraform 1.8 or newer (opentofu.org/docs/intro/install) so that it is on the PATH, ` +
      `or Go ${needed} or newer (go.dev/dl), and start this again`,
    rule: 'engine-missing',
  });
