import { desiredState } from '../../migration/desired-state.js';
import { dropKept } from '../../migration/drop-kept.js';
import { settled as settledOf } from '../../migration/settled.js';
import type { KeptEdit } from '../../migration/kept-edit.js';
import { changeStage, isRefusal } from '../../migration/stage-change.js';
import { writeStage } from '../../migration/stage-writer.js';
import { stageTitle } from '../../migration/stages.js';
import { liftedLocks } from '../../migration/way-back-deeds.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality, type Loaded } from '../files.js';
import type { Io } from '../io.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject, type Project } from '../project.js';
import {
  deedsText,
  droppedText,
  evidenceText,
  keptText,
  mxText,
  settledText,
  settlingText,
  standingText,
} from '../stage-text.js';
import { refused, writeMunicipality } from '../write-municipality.js';

interface StageArguments {
  municipality: string;
  stage?: string;
  dropKept?: boolean;
  settled?: boolean;
}

export const stage: Command<StageArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .positional('stage', {
        type: 'string',
        describe: 'The next stage, or the one before; without it: where it stands',
      })
      .option('drop-kept', {
        type: 'boolean',
        conflicts: 'stage',
        describe: 'Take out what was kept for a way back and is due',
      })
      .option('settled', {
        type: 'boolean',
        conflicts: ['stage', 'drop-kept'],
        describe: 'End the time after an edge forwards in which the relay bounces nothing',
      })
      .example('npx mailversand stage musterstadt 1', 'write stage 1; nothing is deployed')
      .example('npx mailversand stage musterstadt --drop-kept', 'after going back, when the time is over')
      .example('npx mailversand stage musterstadt --settled', 'after going forward, when the time is over'),
  run: ({ municipality: typed, stage: to, dropKept: drop, settled }, io) => {
    const project = findProject(io.cwd, io.env);
    const name = knownName(typed, project);
    const loaded = loadMunicipality(io, project, name);
    if (drop) dropDue(io, project, loaded);
    else if (settled) settle(io, project, loaded);
    else if (to === undefined) io.out(standingText(loaded.municipality, loaded.platform, new Date()));
    else move(io, project, loaded, stageNumber(to));
    return Promise.resolve(ExitCode.done);
  },
};

function stageNumber(typed: string): number {
  if (/^[0-4]$/.test(typed)) return Number(typed);
  throw new Failure({
    what: `${JSON.stringify(typed)} is not a stage`,
    remedy: 'stages are 0, 1, 2, 3 and 4',
    rule: 'stage-range',
    exit: ExitCode.badInput,
  });
}

function move(io: Io, project: Project, { municipality, platform }: Loaded, to: number): void {
  const change = changeStage(municipality, platform, to, new Date());
  if (isRefusal(change)) {
    if (change.rule === 'stage-unchanged') return io.out(`${change.refused}; ${change.remedy}\n`);
    throw refused(change);
  }
  write(io, project, municipality.id, change.edit);
  io.out(
    `${municipality.name}: Abschnitt ${municipality.stage} → ${to} (${stageTitle(change.after.stage)})\n`,
  );
  io.out(keptText(change.edit.add));
  if (change.edit.settling) io.out(settlingText(change.edit.settling));
  io.out(evidenceText(change.missing));
  io.out(mxText(change.after));
  io.out(next(municipality.id));
}

function dropDue(io: Io, project: Project, { municipality, platform }: Loaded): void {
  const review = dropKept(municipality, platform, new Date());
  if (review.due.length > 0) write(io, project, municipality.id, review.edit);
  io.out(droppedText(review));
  if (review.due.length > 0) io.out(next(municipality.id));
  io.out(deedsText(liftedLocks(desiredState(municipality, platform), desiredState(review.after, platform))));
}

function settle(io: Io, project: Project, { municipality }: Loaded): void {
  const settled = settledOf(municipality, new Date());
  if (settled?.due) write(io, project, municipality.id, settled.edit);
  io.out(settledText(settled));
  if (settled?.due) io.out(next(municipality.id));
}

const write = (io: Io, project: Project, id: string, edit: KeptEdit): void =>
  writeMunicipality(io, project, id, (text) => writeStage(text, edit));

const next = (id: string): string => `Next: npx mailversand diff ${id}, then npx mailversand deploy ${id}\n`;
