import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Where the engine looks for both providers inside a mirror; no registry of this name exists. */
const namespace = ['mailversand.example', 'interkommunal'];
const providers = ['landesnetz', 'dns'] as const;

/** How many versions stay, and for how long all do: a plan under way or another clone may still use them. */
const keptVersions = 4;
const keptFor = 24 * 3_600_000;

export interface BuiltProvider {
  /** Ends in a digest of the program. */
  version: string;
  /** The program's file. */
  program: string;
}

/** What `npm run build` left in `dist/provider/`. @throws if it was not run */
export function builtProvider(folder: URL): BuiltProvider {
  try {
    const { version } = JSON.parse(readFileSync(new URL('build.json', folder), 'utf8')) as {
      version: string;
    };
    return { version, program: new URL('terraform-provider', folder).pathname };
  } catch (cause) {
    throw new Error('The provider is not built: run `npm run build`.', { cause });
  }
}

/**
 * Fills an unpacked filesystem mirror with both providers for this machine, and prunes old versions. Several
 * at a time, and a kill in between, leave whole versions or none.
 */
export function installProviders(mirror: string, { version, program }: BuiltProvider): void {
  for (const provider of providers) {
    const folder = join(mirror, ...namespace, provider);
    mkdirSync(folder, { recursive: true });
    installVersion(folder, provider, version, program);
    prune(folder, version);
  }
}

function installVersion(folder: string, provider: string, version: string, program: string): void {
  if (readdirSync(folder).includes(version)) return;
  const making = mkdtempSync(join(folder, '.new-'));
  try {
    const platform = join(making, platformName());
    mkdirSync(platform);
    const executable = join(platform, `terraform-provider-${provider}_v${version}`);
    cpSync(program, executable);
    chmodSync(executable, 0o755);
    // Node asks the nearest package.json what a file without extension is; the one of a project would say ESM.
    writeFileSync(join(platform, 'package.json'), '{ "type": "commonjs" }\n');
    chmodSync(making, 0o755);
    renameSync(making, join(folder, version));
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Somebody else was faster; the version is a digest, so theirs is the same.
    if (!readdirSync(folder).includes(version)) throw error;
  }
}

/** As Go names them: the engines' word for a platform. */
const platformName = (): string => {
  const arch: Record<string, string> = { x64: 'amd64', ia32: '386' };
  return `${process.platform}_${arch[process.arch] ?? process.arch}`;
};

const hour = 3_600_000;

function prune(folder: string, current: string): void {
  const others = readdirSync(folder)
    .filter((name) => name !== current)
    .map((name) => ({
      path: join(folder, name),
      leftover: name.startsWith('.new-'),
      time: timeOf(join(folder, name)),
    }))
    .sort((a, b) => b.time - a.time);
  const old = others
    .filter(({ leftover }) => !leftover)
    .slice(keptVersions - 1)
    .filter(({ time }) => Date.now() - time > keptFor);
  const dead = others.filter(({ leftover, time }) => leftover && Date.now() - time > hour);
  for (const { path } of [...old, ...dead]) rmSync(path, { recursive: true, force: true });
}

/** 0: just gone, by another's pruning. */
const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
