import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

let app: string;
const { name } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string };

const run = (program: string, ...argv: string[]): string =>
  execFileSync(program, argv, { cwd: app, encoding: 'utf8', stdio: 'pipe' });

beforeAll(() => {
  if (!existsSync('dist/lib/index.js'))
    throw new Error('the package is not built: run `npm run build` first');
  app = mkdtempSync(join(tmpdir(), 'mailversand-package-'));
  const options = ['--ignore-scripts', '--silent', '--pack-destination', app];
  const tarball = execFileSync('npm', ['pack', ...options], { encoding: 'utf8' }).trim();
  writeFileSync(join(app, 'package.json'), '{ "private": true }\n');
  run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--silent', `./${tarball}`);
}, 300_000);
afterAll(() => rmSync(app, { recursive: true, force: true }));

test('the command runs, and what the skeleton of a municipality needs is there', () => {
  const installed = join('node_modules', name);
  expect(run(process.execPath, join(installed, 'dist/lib/cli/main.js'), '--help')).toContain('rehearse');
  expect(existsSync(join(app, installed, 'municipalities/schema.json'))).toBe(true);
  expect(existsSync(join(app, installed, 'templates/municipality.yaml'))).toBe(true);
});

const body = `
  const files = { municipalitiesDir: ${JSON.stringify(resolve('municipalities'))}, platformFile: 'node_modules/' + NAME + '/stacks/platforms/rehearsal.yaml' };
  const { municipality, platform, problems } = loadOne('musterstadt', files);
  if (!municipality || !platform) throw new Error(formatProblems(problems));
  const app = new App({ outdir: OUT });
  const stack = new TerraformStack(app, 'own');
  const providers = new PlatformProviders(stack, 'platform', { platform });
  new MunicipalMail(stack, 'mail', { municipality: { ...municipality, stage: 4 }, providers });
  app.synth();
`;
const names = '{ formatProblems, loadOne, MunicipalMail, PlatformProviders }';

/** The resources that an own app synthesises. */
function synthesised(file: string, text: string, out: string): unknown {
  writeFileSync(join(app, file), text.replaceAll('NAME', `'${name}'`).replaceAll('OUT', `'${out}'`));
  run(process.execPath, file);
  const json = readFileSync(join(app, out, 'stacks', 'own', 'cdk.tf.json'), 'utf8');
  return (JSON.parse(json) as { resource: unknown }).resource;
}

test('an empty app elsewhere synthesises a municipality from it, as a module and by require()', () => {
  const imported = `import { App, TerraformStack } from 'cdktf';\nimport ${names} from NAME;\n${body}`;
  const required = `const { App, TerraformStack } = require('cdktf');\nconst ${names} = require(NAME);\n${body}`;
  const asModule = synthesised('own.mjs', imported, 'module.out');
  expect(Object.keys(asModule as object)).toContain('landesnetz_relay_route');
  expect(synthesised('own.cjs', required, 'require.out')).toEqual(asModule);
}, 60_000);

test('its types are complete', () => {
  const typed = `import { App, TerraformStack } from 'cdktf';\nimport ${names} from '${name}';\nconst OUT: string = 'out';\nconst NAME: string = '${name}';\n${body}`;
  writeFileSync(join(app, 'own.mts'), typed);
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
  expect(() =>
    run(process.execPath, resolve('node_modules', 'typescript', 'bin', 'tsc'), ...options, 'own.mts'),
  ).not.toThrow();
}, 60_000);
