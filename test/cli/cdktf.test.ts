import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cdktf } from '../../lib/cli/cdktf.js';
import { exitOfFailure } from '../../lib/cli/outcome.js';
import { ExitCode } from '../../lib/cli/exit.js';
import type { Project } from '../../lib/cli/project.js';
import { folderWith, program, removeFolders, testIo } from './harness.js';

afterAll(removeFolders);

/** A deploy of which CDKTF's program passes this on and fails, and an engine that refuses a plan. */
async function deploying(passedOn: string): Promise<{ output: string; printed: string[] }> {
  const bin = 'node_modules/cdktf-cli/bundle/bin/cdktf.js';
  const root = folderWith({
    'package.json': '{}',
    'node_modules/cdktf-cli/package.json': '{ "name": "cdktf-cli", "version": "0.21.0" }',
    [bin]: `console.log(${JSON.stringify(passedOn)}); process.exit(1);`,
  });
  const outputs = join(root, 'out');
  mkdirSync(join(outputs, 'musterstadt/stacks/musterstadt'), { recursive: true });
  const engine = program(root, 'engine', 'echo "Error: refused [gate-kept]"; exit 1');
  const project = { root, outputs, states: root, platform: '', municipalities: '' } as unknown as Project;
  const printed: string[] = [];
  const props = {
    project,
    environment: { TERRAFORM_BINARY_NAME: engine },
    line: (text: string) => void printed.push(text),
  };
  const { output } = await cdktf(testIo(), props, ['deploy', 'musterstadt']);
  return { output, printed };
}

const failed = 'Invoking Terraform CLI failed with exit code 1';

test('a refusal of which the end was not passed on is asked for again, and ends with its code', async () => {
  const { output, printed } = await deploying(`Planned: …\n${failed}`);
  expect(exitOfFailure(output)).toBe(ExitCode.refused);
  expect(printed.join('\n')).toContain('Error: refused [gate-kept]');
});

test.each([[`Error: far end [unreachable]\n${failed}`], ['a fault before the engine was called']])(
  'nothing is asked again where it was said: %s',
  async (passedOn) => {
    expect((await deploying(passedOn)).output).not.toContain('gate-kept');
  },
);
