import { join } from 'node:path';
import { farSides } from '../../anbindung/far-sides.js';
import { reportJson, reportText } from '../../anbindung/report.js';
import { connectionTest, usualTimes } from '../../anbindung/run.js';
import { seconds, timestamp } from '../../migration/timestamp.js';
import { RefusedError, UnreachableError } from '../../provider/element.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality } from '../files.js';
import { knownName } from '../names.js';
import { findProject, packageRoot } from '../project.js';

interface TestArguments {
  municipality: string;
  json: boolean;
}

export const anbindungstest: Command<TestArguments> = {
  arguments: (yargs) =>
    yargs
      .positional('municipality', {
        type: 'string',
        demandOption: true,
        describe: 'Name of its file without .yaml',
      })
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand anbindungstest musterstadt', 'a report in German, for the municipality'),
  run: async ({ municipality: typed, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const { municipality, platform } = loadMunicipality(io, project, knownName(typed, project));
    const enter = io.env.MAILVERSAND_REHEARSAL ? [join(packageRoot, 'templates/rehearsal/desk')] : [];
    const sides = farSides(municipality, platform, enter);
    try {
      const outcome = await io.step(`Anbindungstest ${municipality.name}`, (say) =>
        connectionTest({ municipality, platform, sides, times: usualTimes, say }),
      );
      const passed = outcome.findings.length === 0;
      if (passed) await sides.record('anbindungstest');
      if (passed && outcome.answered) await sides.record('ausgehend');
      const at = timestamp(seconds(new Date()));
      io.out((json ? reportJson : reportText)(municipality, outcome, at));
      return passed ? ExitCode.done : ExitCode.failed;
    } catch (error) {
      if (error instanceof UnreachableError) throw unreachable(error);
      if (error instanceof RefusedError) throw refused(error);
      throw error;
    } finally {
      await sides.close();
    }
  },
};

const unreachable = ({ message }: UnreachableError): Failure =>
  new Failure({
    what: message,
    remedy: 'nothing is known about the municipality: put the connection right, then run the test again',
    rule: 'unreachable',
    exit: ExitCode.unreachable,
  });

const refused = ({ message }: RefusedError): Failure =>
  new Failure({
    what: message,
    remedy:
      'deploy the platform, install templates/ of this version on the far ends, then run the test again',
    rule: 'far-end-refused',
  });
