// The baseline of the synthesis: the same JSON, written by hand. Usage: write-json.js BUNDLE OUTPUT
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [bundle, output] = process.argv.slice(2);
if (!bundle || !output) throw new Error('usage: write-json.js BUNDLE OUTPUT');

const stacks = JSON.parse(readFileSync(bundle, 'utf8')) as Record<string, unknown>;
for (const [name, stack] of Object.entries(stacks)) {
  mkdirSync(join(output, 'stacks', name), { recursive: true });
  writeFileSync(join(output, 'stacks', name, 'cdk.tf.json'), JSON.stringify(stack, null, 2));
}
