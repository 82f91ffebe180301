import { applyShownPlan, cdktf, type CdktfRun } from '../cdktf.js';
import type { Command } from '../commands.js';
import { atDesk } from '../desk.js';
import { secondsOf } from '../duration.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { checkedStack, requireHostKeys } from '../files.js';
import { lookAtGate } from '../gate-look.js';
import { waitForGate } from '../gate-wait.js';
import { withMunicipality } from '../municipality-argument.js';
import { PLATFORM } from '../names.js';
import { plannedChanges } from '../plan.js';
import { findProject } from '../project.js';
import { prepareDeploy } from '../setup/prepare.js';
import { failedRun } from '../stack.js';
import { mxText } from '../stage-text.js';

interface DeployArguments {
  municipality: string;
  wait?: string;
  yes: boolean;
}

export const deploy: Command<DeployArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs, `Name of its file without .yaml, or ${PLATFORM} for gateways and relays`)
      .option('yes', {
        alias: 'y',
        type: 'boolean',
        default: false,
        describe: 'Do not ask; needed where nobody sits at a terminal',
      })
      .option('wait', {
        type: 'string',
        describe: 'If only time stands against it, wait at most so long, then deploy, e.g. 90s, 30m, 1d',
      })
      .example('npx mailversand deploy musterstadt', 'shows the plan and asks')
      .example(
        'npx mailversand deploy musterstadt --wait 2h',
        'waits first; Ctrl-C and start again as you like',
      )
      .example('npx mailversand deploy musterstadt --yes', 'for pipelines'),
  run: async ({ municipality, yes, wait }, io) => {
    const project = findProject(io.cwd, io.env);
    const checked = checkedStack(io, project, municipality);
    const { stack, platform, municipality: declared } = checked;
    const patience = wait === undefined ? 0 : secondsOf(wait, '--wait');
    if (!yes && !io.interactive) throw cannotAsk(stack);
    requireHostKeys(io, project, checked);
    if (patience > 0 && declared) {
      const elsewhere = await atDesk(io);
      if (elsewhere !== undefined) return elsewhere;
      await waitForGate(io, {
        patience,
        look: () => lookAtGate({ municipality: declared, platform }),
        command: `npx mailversand deploy ${stack} --wait ${wait ?? ''}`,
      });
    }
    const { engine, environment } = await prepareDeploy(io, project);
    const props = { project, environment, line: (text: string) => io.out(`${text}\n`) };
    const finished = (result: CdktfRun): ExitCode => {
      if (result.exit !== 0) throw failedRun('deploy', stack, result);
      if (declared) io.out(mxText(declared));
      return ExitCode.done;
    };
    if (!yes) {
      const plan = await cdktf(io, props, ['diff', stack]);
      if (plan.exit !== 0) throw failedRun('deploy', stack, plan);
      const changes = await plannedChanges(engine, plan.stackFolder, { ...io.env, ...environment });
      if (changes.length === 0) return finished(plan);
      if (!(await io.confirm(`Deploy this to ${stack}?`))) return ExitCode.failed;
      return finished(await applyShownPlan(io, engine, props, plan.stackFolder));
    }
    return finished(await cdktf(io, props, ['deploy', stack, '--auto-approve']));
  },
};

const cannotAsk = (stack: string): Failure =>
  new Failure({
    what: 'a deploy asks before it changes anything, and there is no terminal to ask at',
    remedy: `npx mailversand diff ${stack} shows the plan, npx mailversand deploy ${stack} --yes does it`,
    rule: 'needs-yes',
    exit: ExitCode.badInput,
  });
