import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { findEngine, provideEngine } from '../../../lib/cli/setup/engine.js';
import { builtEngine } from '../../../lib/cli/setup/opentofu.js';
import { folderWith, program, removeFolders, testIo } from '../harness.js';

afterEach(removeFolders);

const says = (line: string): string => `echo '${line}'`;
const machine = (): { bin: string; env: NodeJS.ProcessEnv } => {
  const bin = folderWith();
  return { bin, env: { PATH: bin, MAILVERSAND_CACHE: folderWith() } };
};

describe('which engine is used', () => {
  test('an installed OpenTofu comes before an installed Terraform', async () => {
    const { bin, env } = machine();
    program(bin, 'terraform', says('Terraform v1.11.4'));
    const tofu = program(bin, 'tofu', says('OpenTofu v1.9.0'));
    await expect(findEngine(env)).resolves.toEqual({
      found: { name: 'OpenTofu', version: '1.9.0', path: tofu },
      passedOver: [],
    });
  });

  test('one that is too old is passed over, with the reason', async () => {
    const { bin, env } = machine();
    const tofu = program(bin, 'tofu', says('OpenTofu v1.7.3'));
    const terraform = program(bin, 'terraform', says('Terraform v1.8.0'));
    const { found, passedOver } = await findEngine(env);
    expect(found?.path).toBe(terraform);
    expect(passedOver).toEqual([`${tofu}: OpenTofu 1.7.3 is too old, 1.8 or newer is needed`]);
  });

  test('what was built before is used when nothing is installed', async () => {
    const { env } = machine();
    const built = builtEngine(env);
    mkdirSync(dirname(built), { recursive: true });
    program(dirname(built), 'tofu', says('OpenTofu v1.12.6'));
    const io = testIo({ env });
    await expect(provideEngine(io)).resolves.toMatchObject({ path: built });
    expect(io.printed.note).toBe('');
  });

  test('a named one is used even if another is installed', async () => {
    const { bin, env } = machine();
    program(bin, 'tofu', says('OpenTofu v1.12.6'));
    const named = program(folderWith(), 'wrapper', says('Terraform v1.11.4'));
    const { found } = await findEngine({ ...env, TERRAFORM_BINARY_NAME: named });
    expect(found).toEqual({ name: 'Terraform', version: '1.11.4', path: named });
  });

  test.each([
    ['too old', says('Terraform v1.5.7'), 'Terraform 1.5.7 is too old, 1.8 or newer is needed'],
    ['not an engine', says('hello'), 'does not tell its version (hello)'],
    ['broken', 'echo cannot start >&2; exit 3', 'does not tell its version (cannot start)'],
  ])('a named one that is %s is an error', async (_, script, why) => {
    const { bin, env } = machine();
    const named = program(bin, 'chosen', script);
    await expect(findEngine({ ...env, TERRAFORM_BINARY_NAME: named })).rejects.toMatchObject({
      message: `TERRAFORM_BINARY_NAME is ${named}: ${why}`,
      rule: 'engine-unusable',
    });
  });

  test('a name that is nowhere is an error', async () => {
    const { env } = machine();
    await expect(findEngine({ ...env, TERRAFORM_BINARY_NAME: 'nowhere-tofu' })).rejects.toMatchObject({
      message: 'TERRAFORM_BINARY_NAME is nowhere-tofu: not found',
    });
  });
});
