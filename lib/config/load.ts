import { join } from 'node:path';
import { check, type Checked } from './check.js';
import type { Fleet } from './fleet.js';
import {
  displayPath,
  isMunicipalityId,
  municipalityId,
  municipalityPath,
  nameProblem,
  readSource,
  yamlFiles,
} from './files.js';
import { municipalitySchema, toMunicipality, type MunicipalityFile } from './municipality-file.js';
import type { Municipality } from './municipality.js';
import { platformSchema, toPlatform, type PlatformFile } from './platform-file.js';
import type { Platform } from './platform.js';
import { compareProblems, type Problem } from './problem.js';
import { rules } from './rules/index.js';
import { parseYaml } from './yaml.js';

export interface Places {
  /** Folder with one file a municipality. */
  municipalitiesDir: string;
  platformFile: string;
  /** What both are relative to, and paths in messages. @default process.cwd() */
  cwd?: string;
}

export interface LoadedFleet {
  /** Those without a problem, sorted by id. */
  municipalities: Municipality[];
  /** Undefined if its file is not right. */
  platform?: Platform;
  /** Sorted by place. */
  problems: Problem[];
}

export interface LoadedOne {
  municipality?: Municipality;
  platform?: Platform;
  problems: Problem[];
}

/** Reads and checks every file of a folder against each other and the platform. */
export function loadFleet({ municipalitiesDir, platformFile, cwd = process.cwd() }: Places): LoadedFleet {
  const { names, problems } = yamlFiles(municipalitiesDir, cwd);
  const files: MunicipalityInput[] = [];
  for (const name of names) {
    const id = municipalityId(name);
    if (id !== undefined) files.push(readMunicipality(municipalitiesDir, id, cwd));
    else problems.push(nameProblem(displayPath(join(municipalitiesDir, name), cwd), name));
  }
  return judge(files, check(readSource(platformFile, cwd), platformSchema), problems);
}

/**
 * Reads one municipality without the others: what must be unique is not compared. An id that is no plain name
 * (`../x`) is refused before anything is opened.
 * @param text What its file is going to say. @default what it says
 */
export function loadOne(
  name: string,
  { municipalitiesDir, platformFile, cwd = process.cwd() }: Places,
  text?: string,
): LoadedOne {
  const isName = isMunicipalityId(name);
  const files = isName ? [readMunicipality(municipalitiesDir, name, cwd, text)] : [];
  const problems = isName ? [] : [nameProblem(displayPath(municipalitiesDir, cwd), name)];
  const loaded = judge(files, check(readSource(platformFile, cwd), platformSchema), problems);
  return { ...loaded, municipality: loaded.municipalities[0] };
}

/** The platform file alone. */
export const loadPlatform = ({
  platformFile,
  cwd = process.cwd(),
}: Omit<Places, 'municipalitiesDir'>): Omit<LoadedFleet, 'municipalities'> =>
  judge([], check(readSource(platformFile, cwd), platformSchema), []);

interface MunicipalityInput extends Checked<MunicipalityFile> {
  id: string;
}

function readMunicipality(folder: string, id: string, cwd: string, text?: string): MunicipalityInput {
  const path = municipalityPath(folder, id);
  const source = text === undefined ? readSource(path, cwd) : parseYaml(displayPath(path, cwd), text);
  return { id, ...check(source, municipalitySchema) };
}

function judge(
  files: MunicipalityInput[],
  platformFile: Checked<PlatformFile>,
  others: Problem[],
): LoadedFleet {
  const fleet: Fleet = {
    municipalities: files.flatMap(({ id, source, draft }) => (draft ? [{ id, source, draft }] : [])),
    platform: platformFile.value && { source: platformFile.source, file: platformFile.value },
  };
  const problems = [
    ...others,
    ...platformFile.problems,
    ...files.flatMap((file) => file.problems),
    ...rules.flatMap((rule) => rule.check(fleet)),
  ].sort(compareProblems);

  const wrong = new Set(problems.map(({ file }) => file));
  const platform = platformFile.value && toPlatform(platformFile.value);
  const municipalities = files.flatMap(({ id, source, value }) =>
    platform && value && !wrong.has(source.file) ? [toMunicipality(id, value, platform)] : [],
  );
  return { municipalities, platform, problems };
}
