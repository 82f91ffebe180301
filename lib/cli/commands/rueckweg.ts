import type { Municipality, StageNumber } from '../../config/municipality.js';
import { isRefusal } from '../../migration/stage-change.js';
import { stageTitle } from '../../migration/stages.js';
import { wayBack, wayBackAfterNext } from '../../migration/way-back.js';
import { wayBackJson, wayBackText } from '../../migration/way-back-text.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality } from '../files.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';

interface RueckwegArguments {
  municipality: string;
  reached?: number;
  json: boolean;
}

export const rueckweg: Command<RueckwegArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .option('reached', {
        type: 'number',
        choices: [0, 1, 2, 3, 4],
        describe: 'Stage that the register says, where an edge was begun and not finished',
      })
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand rueckweg musterstadt', 'from now, and after the next edge; in German')
      .example('npx mailversand rueckweg musterstadt --reached 3', 'after a deploy of stage 4 that failed'),
  run: ({ municipality: typed, reached, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const { municipality: m, platform } = loadMunicipality(io, project, knownName(typed, project));
    const now = new Date();
    const back = wayBack(m, platform, now, (reached ?? m.stage) as StageNumber);
    if (isRefusal(back)) {
      const { refused: what, remedy, rule } = back;
      throw new Failure({ what, remedy, rule, exit: ExitCode.badInput });
    }
    const later = wayBackAfterNext(m, platform, now);
    if (json) {
      const afterNext = later && wayBackJson(later);
      io.out(`${JSON.stringify({ municipality: m.id, now: wayBackJson(back), afterNext }, null, 2)}\n`);
    } else {
      io.out(`Rückweg ${m.name} (AGS ${m.ags}), vom heutigen Stand\n${wayBackText(back)}`);
      if (later) io.out(`\n${titleAfterNext(m, later.from)}\n${wayBackText(later)}`);
    }
    return Promise.resolve(ExitCode.done);
  },
};

const titleAfterNext = (m: Municipality, to: StageNumber): string =>
  `Rückweg nach dem nächsten Schritt, Abschnitt ${m.stage} → ${to} (${stageTitle(to)})`;
