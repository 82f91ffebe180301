import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProject } from '../../../lib/cli/project.js';
import { engineEnvironment, exportLines } from '../../../lib/cli/setup/environment.js';
import { folderWith, removeFolders } from '../harness.js';

afterEach(removeFolders);

test("the engine's configuration: our providers from the mirror, all others from where they come from", () => {
  const root = folderWith({ 'cdktf.json': '{}' });
  const environment = engineEnvironment({
    project: findProject(root, {}),
    engine: '/opt/tofu',
    mirror: '/mirror with "quote"',
  });
  const config = readFileSync(environment.TF_CLI_CONFIG_FILE ?? '', 'utf8');
  expect(environment.TF_CLI_CONFIG_FILE).toBe(join(root, '.mailversand/engine.tfrc'));
  expect(config).toContain('path    = "/mirror with \\"quote\\""');
  expect(environment.TERRAFORM_BINARY_NAME).toBe('/opt/tofu');
});

test('another deploy that is reading it reads it whole', () => {
  const project = findProject(folderWith({ 'cdktf.json': '{}' }), {});
  const { TF_CLI_CONFIG_FILE: file = '' } = engineEnvironment({ project, engine: 'tofu', mirror: '/first' });
  const reading = openSync(file, 'r');
  engineEnvironment({ project, engine: 'tofu', mirror: '/second' });
  expect(readFileSync(reading, 'utf8')).toContain('path    = "/first"');
  closeSync(reading);
  expect(readFileSync(file, 'utf8')).toContain('path    = "/second"');
  expect(readdirSync(project.work)).toEqual(['engine.tfrc']);
});

test('nothing reports home: neither CDKTF nor the engine', () => {
  const environment = engineEnvironment({
    project: findProject(folderWith({ 'cdktf.json': '{}' }), {}),
    engine: 'tofu',
    mirror: '/m',
  });
  expect(environment).toMatchObject({ CHECKPOINT_DISABLE: '1', DISABLE_VERSION_CHECK: '1' });
  const cdktf = JSON.parse(readFileSync(join(import.meta.dirname, '../../../cdktf.json'), 'utf8')) as object;
  expect(cdktf).toMatchObject({ sendCrashReports: 'false' });
});

test('a shell reads back what is printed for it', () => {
  const value = `'-fs-mirror=/a b/$HOME/it's'`;
  const script = `${exportLines({ TF_CLI_ARGS_x: value })}printf %s "$TF_CLI_ARGS_x"`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(value);
});
