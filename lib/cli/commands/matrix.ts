import { desiredState } from '../../migration/desired-state.js';
import { matrixCsv, matrixJson, matrixText } from '../../migration/matrix-format.js';
import { matrixRows } from '../../migration/matrix-table.js';
import { nextStage } from '../../migration/stage-change.js';
import { stageTitle } from '../../migration/stages.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { loadMunicipality } from '../files.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';

interface MatrixArguments {
  municipality: string;
  csv?: boolean;
  json?: boolean;
}

export const matrix: Command<MatrixArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .option('csv', { type: 'boolean', describe: 'For a spreadsheet (RFC 4180, semicolons)' })
      .option('json', { type: 'boolean', describe: 'For machines: an array of rows' })
      .conflicts('csv', 'json')
      .example('npx mailversand matrix musterstadt', 'rows of its stage and of the next edge, in German'),
  run: ({ municipality: typed, csv, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const { municipality: m, platform } = loadMunicipality(io, project, knownName(typed, project));
    const next = nextStage(m);
    const rows = matrixRows(desiredState(m, platform), desiredState(next ?? m, platform), m.name);
    if (json) io.out(matrixJson(rows));
    else if (csv) io.out(matrixCsv(rows));
    else {
      const edge = next
        ? `Abschnitt ${m.stage} → ${next.stage} (${stageTitle(next.stage)})`
        : `Abschnitt ${m.stage} (${stageTitle(m.stage)})`;
      const body = rows.length === 0 ? 'keine Zeilen\n' : matrixText(rows);
      io.out(`Freischaltungsmatrix ${m.name} (AGS ${m.ags}), ${edge}\n\n${body}`);
    }
    return Promise.resolve(ExitCode.done);
  },
};
