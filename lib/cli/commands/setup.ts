import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { failureText, Failure } from '../failure.js';
import type { Io } from '../io.js';
import { findProject } from '../project.js';
import { provideOpenTofu } from '../setup/engine.js';
import { prepareDeploy, preparePrograms } from '../setup/prepare.js';

interface SetupArguments {
  tests: boolean;
  programs: boolean;
}

export const setup: Command<SetupArguments> = {
  arguments: (yargs) =>
    yargs
      .option('tests', {
        type: 'boolean',
        default: false,
        describe:
          'Also what only the tests need: the pinned OpenTofu, if another engine is installed, and further programs',
      })
      .option('programs', {
        type: 'boolean',
        default: true,
        describe:
          'Install the Debian packages that rehearsal and tests need (as root); --no-programs: do not',
      })
      .example('npx mailversand setup', 'everything; a second time it takes a second'),
  run: async ({ tests, programs }, io) => {
    if (programs) await programsIfPossible(io, tests);
    const { engine } = await prepareDeploy(io, findProject(io.cwd, io.env));
    const tested = tests ? await provideOpenTofu(io) : engine;
    io.out(`engine: ${engine.name} ${engine.version} (${engine.path})\n`);
    if (tested.path !== engine.path)
      io.out(`engine of the tests: ${tested.name} ${tested.version} (${tested.path})\n`);
    return ExitCode.done;
  },
};

/** Deploys need none of these programs: without root, say what is missing and go on. */
async function programsIfPossible(io: Io, tests: boolean): Promise<void> {
  try {
    await preparePrograms(io, { tests });
  } catch (error) {
    if (!(error instanceof Failure) || error.rule !== 'programs-missing') throw error;
    io.note(failureText(error).trimEnd());
  }
}
