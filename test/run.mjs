// `npm test`: builds, sets up, checks and tests, and closes with `N passed, N failed, N skipped`.
//   node test/run.mjs                     everything
//   node test/run.mjs pure [jest args]    tests without root and programs
//   node test/run.mjs real [jest args]    tests on real programs
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const program = join(root, 'dist/lib/cli/main.js');
const [mode = 'all', ...jestArguments] = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };

const say = (text) => console.log(`\n== ${text}`);

function call(command, args, options = {}) {
  return (
    spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options }).status ?? 1
  );
}

/** A step that is no jest test counts only when it fails: the counts are those of the tests. */
function failedStep(name) {
  console.error(`${name}: failed`);
  counts.failed += 1;
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function buildIfNeeded() {
  const sources = ['lib', 'stacks', 'build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const built = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(...sources.map((source) => newest(join(root, source))))) return;
  say('building');
  if (call('npm', ['run', '--silent', 'build']) === 0) return;
  failedStep('build');
  close();
}

/** Programs, providers and the engine of the tests. What cannot be had is said; its tests are skipped or fail. */
function setUp() {
  say('setting up');
  if (call(process.execPath, [program, 'setup', '--tests']) !== 0) failedStep('setup');
}

async function check() {
  say('formatting, lint, types');
  const scripts = ['format:check', 'lint', 'typecheck'];
  const results = await Promise.all(scripts.map((script) => collect('npm', ['run', '--silent', script])));
  for (const [i, { exit, output }] of results.entries()) {
    if (exit === 0) continue;
    console.error(output);
    failedStep(scripts[i]);
  }
}

function collect(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('close', (exit) => done({ exit, output }));
  });
}

/** The tests' engine comes first on the PATH, so that they find it like any other program. */
async function testEnvironment() {
  const { builtEngine } = await import(join(root, 'dist/lib/cli/setup/opentofu.js'));
  const path = `${dirname(builtEngine(process.env))}${delimiter}${process.env.PATH}`;
  return { ...process.env, PATH: path, CHECKPOINT_DISABLE: '1', NODE_OPTIONS: '--experimental-vm-modules' };
}

/** What was asked for comes first: behind an option that takes a list, jest would count it to that. */
async function jest(title, args, environment = () => ({})) {
  say(title);
  const folder = mkdtempSync(join(tmpdir(), 'mailversand-test-'));
  const file = join(folder, 'result.json');
  const bin = join(root, 'node_modules/jest/bin/jest.js');
  const env = { ...(await testEnvironment()), ...environment(folder) };
  const exit = call(process.execPath, [bin, '--json', `--outputFile=${file}`, ...jestArguments, ...args], {
    env,
    // jest prints its report to standard error, and with --json the result to standard output.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const result = readResult(file);
  rmSync(folder, { recursive: true, force: true });
  if (!result) return failedStep(title);
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  counts.passed += result.numPassedTests;
  counts.failed += failed;
  counts.skipped += result.numPendingTests + result.numTodoTests;
  for (const name of skipped(result)) console.log(`skipped: ${name}`);
  if (exit !== 0 && failed === 0) failedStep(`${title} (no test failed: see the coverage above)`);
}

function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const skipped = ({ testResults }) =>
  testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending' || status === 'todo')
    .map(({ fullName }) => fullName);

function close() {
  if (counts.passed + counts.failed === 0) failedStep('no test ran');
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exit(counts.failed === 0 ? 0 : 1);
}

const pure = (...args) =>
  jest(
    'tests without programs',
    [
      '--testPathIgnorePatterns=/test/real/',
      `--cacheDirectory=${join(tmpdir(), 'mailversand-jest')}`,
      ...args,
    ],
    // cdktf's own test helpers leave a folder a test.
    (folder) => ({ TMPDIR: folder }),
  );
/** They measure a time, or load the machine to see what becomes of mail: nothing runs beside them. */
const alone = ['rehearsal/load', 'rehearsal/rehearsal', 'provider/start'].map(
  (name) => `/test/real/${name}.test.ts`,
);

/** Side by side: each file has namespaces, folders and ports of its own. */
async function real() {
  // Of what was asked for there may be nothing in one of the two.
  await jest('tests on real programs', [
    '--testMatch=<rootDir>/test/real/**/*.test.ts',
    ...alone.map((file) => `--testPathIgnorePatterns=${file}$`),
    `--testSequencer=${join(root, 'test/longest-first.mjs')}`,
    '--passWithNoTests',
  ]);
  await jest('tests on real programs, one after the other', [
    ...alone.map((file) => `--testMatch=<rootDir>${file}`),
    '--runInBand',
    '--passWithNoTests',
  ]);
}

buildIfNeeded();
if (mode === 'pure') {
  await pure();
} else if (mode === 'real') {
  setUp();
  await real();
} else {
  setUp();
  await check();
  // The limits of jest.config.js hold for all tests together, not for a choice of them.
  await pure('--coverage');
  await real();
}
close();
