import { loadFleet } from '../../config/load.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { places, report } from '../files.js';
import { findProject } from '../project.js';

interface ValidateArguments {
  json: boolean;
}

export const validate: Command<ValidateArguments> = {
  arguments: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand validate', 'every problem of every file, with its place'),
  run: ({ json }, io) => {
    const { municipalities, problems } = loadFleet(places(io, findProject(io.cwd, io.env)));
    const exit = report(io, problems, json);
    if (!json && exit === ExitCode.done) {
      io.out(
        `${municipalities.length} ${municipalities.length === 1 ? 'municipality' : 'municipalities'}: no problem\n`,
      );
    }
    return Promise.resolve(exit);
  },
};
