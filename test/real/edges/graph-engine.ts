import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainsOf, resources } from '../../stacks/rendering.js';
import { stepsOf, type Step } from './edge-rules.js';

/**
 * Applies synthesised stacks one after another with every resource as the engine's own `terraform_data`: same
 * names, same dependencies, same life cycle, same values. In which order an engine works through a graph does
 * not depend on the provider, so it can be seen without one, and without any far end.
 */
export class GraphEngine {
  private readonly domains = new Map<string, unknown>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'mailversand-order-'));

  constructor(private readonly engine: string) {
    this.write('{"resource": {"terraform_data": {"none": {}}}}');
    this.run('init');
  }

  apply(json: string): Step[] {
    this.write(asOwnResources(json));
    // What disappears is no longer in this JSON: its domain was learnt from an earlier one.
    for (const [address, domain] of domainsOf(json)) this.domains.set(address, domain);
    return stepsOf(this.run('apply', '-json', '-auto-approve'), this.domains);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private write(configuration: string): void {
    writeFileSync(join(this.folder, 'cdk.tf.json'), configuration);
  }

  private run(...argv: string[]): string {
    const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
    return execFileSync(this.engine, argv, { cwd: this.folder, env, encoding: 'utf8', stdio: 'pipe' });
  }
}

const named = (address: string): string => address.replace('.', '--');

function asOwnResources(json: string): string {
  const all = resources(json).map(({ address, attributes, dependsOn, createBeforeDestroy }) => [
    named(address),
    {
      input: attributes,
      depends_on: dependsOn.map((on) => `terraform_data.${named(on)}`),
      lifecycle: { create_before_destroy: createBeforeDestroy },
    },
  ]);
  return JSON.stringify({ resource: { terraform_data: Object.fromEntries(all) as unknown } });
}
