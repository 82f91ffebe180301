// `npm run build`: the compiled modules into dist/, the provider program into dist/provider/.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);

/** Checks and compiles; the error is the compiler's own. */
function compile() {
  const tsc = require.resolve('typescript/bin/tsc');
  const compiler = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
    cwd: import.meta.dirname,
  });
  return new Promise((resolve, reject) => {
    compiler.on('error', reject);
    compiler.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error('the TypeScript compiler found errors')),
    );
  });
}

/**
 * The resources' CDKTF classes stand beside their definitions; the program needs the definitions only, and
 * cdktf would cost it three times its whole start.
 */
const withoutCdktf = {
  name: 'without-cdktf',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cdktf$/ }, () => ({ path: 'cdktf', namespace: 'without-cdktf' }));
    onLoad({ filter: /.*/, namespace: 'without-cdktf' }, () => ({
      contents: 'export class TerraformProvider {} export class TerraformResource {} export const Lazy = {};',
    }));
  },
};

/**
 * One file without dependencies: it lies alone in a mirror. CommonJS, because a file without an extension is
 * that wherever it lies. The same sources give the same bytes, and the version ends in their digest.
 */
async function bundleProvider() {
  const { outputFiles } = await build({
    entryPoints: ['lib/provider/main.ts'],
    absWorkingDir: import.meta.dirname,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    minify: true,
    legalComments: 'none',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [withoutCdktf],
  });
  const program = outputFiles[0].contents;
  const digest = createHash('sha256').update(program).digest('hex');
  const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const folder = new URL('dist/provider/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('terraform-provider', folder), program, { mode: 0o755 });
  // The project's own package.json says ESM, and Node asks the nearest.
  writeFileSync(new URL('package.json', folder), '{ "type": "commonjs" }\n');
  // A letter first: semantic versioning knows no number with a leading zero.
  writeFileSync(
    new URL('build.json', folder),
    `${JSON.stringify({ version: `${version}-b${digest.slice(0, 11)}` })}\n`,
  );
}

try {
  await Promise.all([compile(), bundleProvider()]);
} catch (error) {
  console.error(`The build failed: ${error.message}`);
  process.exitCode = 1;
}
