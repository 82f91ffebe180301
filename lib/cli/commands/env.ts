import { basename, join } from 'node:path';
import { Rehearsal } from '../../rehearsal/running.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { findProject } from '../project.js';
import { exportLines, type EngineEnvironment } from '../setup/environment.js';
import { prepareDeploy } from '../setup/prepare.js';

interface EnvArguments {
  rehearsal?: string;
}

export const env: Command<EnvArguments> = {
  arguments: (yargs) =>
    yargs
      .option('rehearsal', {
        type: 'string',
        describe: 'Id of a rehearsal that was kept running: deploy into it',
      })
      .example('eval "$(npx mailversand env)"', 'then: npx cdktf deploy musterstadt, npx cdktf synth …'),
  run: async ({ rehearsal }, io) => {
    const { environment } = await prepareDeploy(io, findProject(io.cwd, io.env));
    const id = rehearsal ?? sourced(io.env.MAILVERSAND_REHEARSAL);
    const more = id === undefined ? {} : await variablesOf(id);
    io.out(exportLines({ ...environment, ...more }));
    return ExitCode.done;
  },
};

/** Whose own file `env` was sourced already. */
const sourced = (runDir: string | undefined): string | undefined => runDir && basename(runDir);

/** An output folder of its own: in `cdktf.out` the engine remembers another state. */
async function variablesOf(id: string): Promise<EngineEnvironment> {
  const { env: variables, runDir } = await Rehearsal.open(id);
  return { ...variables, CDKTF_OUTPUT: join(runDir, 'cdktf.out') };
}
