import { cdktf } from '../cdktf.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { checkedStack, requireHostKeys } from '../files.js';
import { withMunicipality } from '../municipality-argument.js';
import { PLATFORM } from '../names.js';
import { plannedChanges } from '../plan.js';
import { findProject } from '../project.js';
import { prepareDeploy } from '../setup/prepare.js';
import { failedRun } from '../stack.js';

interface DiffArguments {
  municipality: string;
  json: boolean;
}

export const diff: Command<DiffArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs, `Name of its file without .yaml, or ${PLATFORM} for gateways and relays`)
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'For machines: what would change, as one JSON document; the plan goes to standard error',
      })
      .example('npx mailversand diff musterstadt', 'exit code 0: nothing to do, 2: differences'),
  run: async ({ municipality, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const checked = checkedStack(io, project, municipality);
    const { stack } = checked;
    requireHostKeys(io, project, checked);
    const { engine, environment } = await prepareDeploy(io, project);
    const props = {
      project,
      environment,
      line: (text: string) => (json ? io.note(text) : io.out(`${text}\n`)),
    };
    const result = await cdktf(io, props, ['diff', stack]);
    if (result.exit !== 0) throw failedRun('diff', stack, result);
    const changes = await plannedChanges(engine, result.stackFolder, { ...io.env, ...environment });
    if (json) io.out(`${JSON.stringify({ stack, changes }, null, 2)}\n`);
    return changes.length > 0 ? ExitCode.differences : ExitCode.done;
  },
};
