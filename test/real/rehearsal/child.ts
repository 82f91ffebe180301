import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { packageRoot } from '../../../lib/rehearsal/files.js';

/** Starts a rehearsal in another program, which can then be killed. */
export async function startInChild(
  municipality: string,
  { keep = false } = {},
): Promise<{ id: string; kill(): Promise<void> }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { startRehearsal } from './lib/rehearsal/rehearsal.js';
        import { example, files, platform } from './test/rehearsal/examples.js';
        const municipalities = [example(${JSON.stringify(municipality)})];
        const rehearsal = await startRehearsal({ municipalities, platform, ...files, keep: ${keep} });
        console.log(rehearsal.id);
        setInterval(() => undefined, 60_000);
      `,
      resolveDir: packageRoot(),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: packageRoot(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(outputFiles[0]?.text);
  const [id] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    id,
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
