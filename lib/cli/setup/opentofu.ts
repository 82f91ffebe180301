import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { isProgram, run } from '../programs.js';
import { cacheFolder } from './cache.js';
import { provideGo } from './go.js';
import { withLock } from './lock.js';
import { readEngineModule, type EngineModule } from './module.js';

const PACKAGE = 'github.com/opentofu/opentofu/cmd/tofu';

/** Where the OpenTofu of this package lies once it is built; another pinned version has another place. */
export function builtEngine(env: NodeJS.ProcessEnv, module = readEngineModule()): string {
  return join(cacheFolder(env), `opentofu-${module.version}-${module.digest}`, 'tofu');
}

/** Builds OpenTofu from Go modules into the cache, once. */
export async function buildOpenTofu(io: Io, module = readEngineModule()): Promise<string> {
  const target = builtEngine(io.env, module);
  const cache = cacheFolder(io.env);
  const waiting = (pid: number): void =>
    io.note(`Waiting for process ${pid}, which builds OpenTofu for this machine …`);
  return withLock(join(cache, 'opentofu.lock'), waiting, async () => {
    if (isProgram(target)) return target;
    const scratch = mkdtempSync(join(cache, 'build-'));
    try {
      await build(io, module, scratch);
      mkdirSync(join(target, '..'), { recursive: true });
      renameSync(join(scratch, 'tofu'), target);
      return target;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}

async function build(io: Io, module: EngineModule, scratch: string): Promise<void> {
  const go = await provideGo(io, module.go, join(scratch, 'go'));
  const title = `Building OpenTofu ${module.version} from Go modules (once, about five minutes on two cores)`;
  const args = ['build', '-v', '-trimpath', '-buildvcs=false', '-mod=readonly'];
  const linker = '-s -w -X github.com/opentofu/opentofu/version.dev=no';
  const { exit, output } = await io.step(title, (say) => {
    let packages = 0;
    return run(go.path, [...args, '-ldflags', linker, '-o', join(scratch, 'tofu'), PACKAGE], {
      cwd: module.folder,
      env: go.env,
      line: (text) => say(/^[\w.-]+(\/[\w.-]+)*$/.test(text) ? `${++packages} packages` : 'downloading'),
    });
  });
  if (exit === 0) return;
  throw new Failure({
    what: `building OpenTofu ${module.version} failed`,
    details: output.trim().split('\n').slice(-5),
    remedy:
      'see that the Go module proxy can be reached (go env GOPROXY) and that the disk is not full, or install OpenTofu or Terraform 1.8 or newer',
    rule: 'engine-build',
  });
}
