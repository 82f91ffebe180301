import { readFileSync } from 'node:fs';
import { displayPath, municipalityPath } from '../config/files.js';
import { loadOne } from '../config/load.js';
import { formatProblems } from '../config/problem.js';
import { isRefusal, type Refusal } from '../migration/stage-change.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { places } from './files.js';
import type { Io } from './io.js';
import { changedLines } from './lines.js';
import type { Project } from './project.js';
import { replaceFile } from './write-file.js';

/**
 * Edits a municipality's file and shows the lines that changed. The new text is checked as every command will check
 * it, before it takes the place of the old: a file that no command reads could not be put right by one.
 */
export function writeMunicipality(
  io: Io,
  project: Project,
  id: string,
  edit: (text: string) => string | Refusal,
): void {
  const path = municipalityPath(project.municipalities, id);
  const before = readFileSync(path, 'utf8');
  const after = edit(before);
  if (isRefusal(after)) throw refused(after);
  const { problems } = loadOne(id, places(io, project), after);
  if (problems.length > 0) {
    io.note(formatProblems(problems));
    throw new Failure({
      what: `${displayPath(path, io.cwd)} would have what stands above against it, and is as it was`,
      remedy:
        'type it differently, or put right first what it is about; the places are those of the new text',
      rule: 'file-after',
      exit: ExitCode.badInput,
    });
  }
  replaceFile(path, after);
  io.out(`${displayPath(path, io.cwd)}\n${changedLines(before, after)}`);
}

/** A change that is not made, as the end of a command. */
export const refused = ({ refused: what, remedy, rule }: Refusal): Failure =>
  new Failure({ what, remedy, rule, exit: ExitCode.badInput });
