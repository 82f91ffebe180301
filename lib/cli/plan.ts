import { join } from 'node:path';
import { Failure } from './failure.js';
import { run } from './programs.js';
import type { Engine } from './setup/engine.js';

/** What is read of `show -json`; the format's major number is 1, and the minor one only adds. */
interface PlanJson {
  format_version?: string;
  resource_changes?: { address: string; change: { actions: string[]; importing?: unknown } }[];
  output_changes?: Record<string, { actions: string[] }>;
}

/** One thing that a plan does. */
export interface Change {
  /** The resource's address, or `output.NAME`. */
  readonly address: string;
  /** As the engine calls them: create, update, delete, import … */
  readonly actions: readonly string[];
}

/** What the plan does that `cdktf diff` left behind. */
export async function plannedChanges(
  engine: Engine,
  stackFolder: string,
  env: NodeJS.ProcessEnv,
): Promise<Change[]> {
  const { exit, stdout, output } = await run(engine.path, ['show', '-json', join(stackFolder, 'plan')], {
    cwd: stackFolder,
    env,
  });
  if (exit !== 0) throw unreadable(output.trim());
  const plan = JSON.parse(stdout) as PlanJson;
  if (!plan.format_version?.startsWith('1.'))
    throw unreadable(`format_version ${plan.format_version ?? '?'}`);
  return changesOf(plan);
}

export function changesOf({ resource_changes = [], output_changes = {} }: PlanJson): Change[] {
  const resources = resource_changes.map(({ address, change: { actions, importing } }) => ({
    address,
    actions: importing === undefined ? actions : ['import', ...actions],
  }));
  const outputs = Object.entries(output_changes).map(([name, { actions }]) => ({
    address: `output.${name}`,
    actions,
  }));
  return [...resources, ...outputs]
    .map(({ address, actions }) => ({ address, actions: actions.filter((action) => action !== 'no-op') }))
    .filter(({ actions }) => actions.length > 0);
}

const unreadable = (found: string): Failure =>
  new Failure({
    what: `the engine's plan cannot be read: ${found}`,
    remedy: 'use OpenTofu or Terraform of version 1; the plan itself stands above',
    rule: 'plan-format',
  });
