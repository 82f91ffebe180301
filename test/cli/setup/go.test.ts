import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { completeToolchain, provideGo } from '../../../lib/cli/setup/go.js';
import { folderWith, program, removeFolders, testIo } from '../harness.js';

afterEach(removeFolders);

test('a Go that is new enough is used as it is, without a toolchain of its own choice', async () => {
  const bin = folderWith();
  const path = program(bin, 'go', 'echo go1.26.8');
  const go = await provideGo(testIo({ env: { PATH: bin } }), '1.26.6', join(bin, 'scratch'));
  expect(go.path).toBe(path);
  expect(go.env).toMatchObject({ GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' });
});

test('an older Go fetches the right toolchain as a module, and that one is used', async () => {
  const bin = folderWith();
  // What Go 1.19 leaves: no run bits, `_go.mod` instead of `go.mod`.
  program(
    bin,
    'go',
    `PATH=/usr/bin:/bin
case "$1" in
  env) echo go1.19.8 ;;
  mod) root="$GOMODCACHE/$4"; mkdir -p "$root/bin" "$root/pkg/tool/x" "$root/src"
       for f in bin/go pkg/tool/x/link; do echo x > "$root/$f"; chmod 644 "$root/$f"; done
       echo module std > "$root/src/_go.mod" ;;
esac`,
  );
  const io = testIo({ env: { PATH: bin } });
  const go = await provideGo(io, '1.26.6', join(bin, 'scratch'));
  expect(io.printed.note).toContain('Fetching Go 1.26.6, because');
  expect(go.path).toMatch(
    /\/scratch\/modules\/golang\.org\/toolchain@v0\.0\.1-go1\.26\.6\.\w+-\w+\/bin\/go$/,
  );
  expect(statSync(go.path).mode & 0o111).toBe(0o111);
  expect(go.env.GOROOT).toBe(join(go.path, '../..'));
});

test('a module proxy that does not have it: what to install instead', async () => {
  const bin = folderWith();
  program(bin, 'go', '[ "$1" = env ] && { echo go1.19.8; exit; }; echo "proxy: 403 Forbidden" >&2; exit 1');
  const failure: unknown = await provideGo(testIo({ env: { PATH: bin } }), '1.26.6', join(bin, 's')).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ rule: 'engine-missing', details: ['proxy: 403 Forbidden'] });
  expect((failure as { remedy: string }).remedy).toContain('Go 1.26.6 or newer');
});

test('a toolchain gets its run bits and its go.mod files back', () => {
  const root = folderWith({
    'bin/go': '',
    'pkg/tool/linux_amd64/compile': '',
    'src/_go.mod': 'module std',
    'src/cmd/_go.mod': 'module cmd',
    'src/fmt/print.go': '',
  });
  completeToolchain(root);
  expect(statSync(join(root, 'pkg/tool/linux_amd64/compile')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(root, 'src/cmd/go.mod'), 'utf8')).toBe('module cmd');
  expect(statSync(join(root, 'src/fmt/print.go')).mode & 0o111).toBe(0);
});
