import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { shown, type Explanation, type Problem } from './problem.js';
import { parseYaml, type Source } from './yaml.js';

/** Bytes. A municipality's file has 2,000, a platform's with 11,000 customer links 150,000. */
export const LONGEST_FILE = 1_000_000;

/** A path as messages show it: relative to the working directory if it lies inside. */
export function displayPath(path: string, cwd: string): string {
  const whole = resolve(cwd, path);
  const inside = relative(cwd, whole);
  return inside.startsWith('..') ? whole : inside;
}

/** Reads one YAML file. Whatever is wrong, from a missing file to a tab, is in the source's problems. */
export function readSource(path: string, cwd: string): Source {
  const file = displayPath(path, cwd);
  try {
    return parseYaml(file, readText(resolve(cwd, path)));
  } catch (error) {
    return { ...parseYaml(file, ''), problems: [{ file, line: 1, column: 1, ...failureOf(error) }] };
  }
}

type Failure = Pick<Problem, 'found'> & Explanation;

/** Thrown for a file that is there and that we do not want to read. */
class Unwanted extends Error {
  constructor(readonly failure: Failure) {
    super(failure.found);
  }
}

function readText(path: string): string {
  // O_NONBLOCK: opening a named pipe would wait for someone to write into it.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Unwanted(notRegular);
    if (stat.size > LONGEST_FILE) throw new Unwanted(tooLong(stat.size));
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

const notRegular: Failure = {
  rule: 'file-kind',
  found: 'a folder, pipe or device',
  expected: 'a regular file',
  remedy: 'move it away, or give it another ending than .yaml',
};

const tooLong = (bytes: number): Failure => ({
  rule: 'file-size',
  found: `a file of ${bytes} bytes`,
  expected: `at most ${LONGEST_FILE} bytes`,
  remedy: 'start again from templates/municipality.yaml; a municipality needs about 2,000',
});

const notUtf8: Failure = {
  rule: 'file-encoding',
  found: 'bytes that are not UTF-8',
  expected: 'a text file in UTF-8',
  remedy: 'save it in your editor with the encoding UTF-8',
};

const noSuchFile: Failure = {
  rule: 'file-missing',
  found: 'no such file',
  expected: 'a file of this name',
  remedy: 'correct the name, or copy templates/municipality.yaml to begin a new municipality',
};

const cannotRead = (code: string): Failure => ({
  rule: 'file-unreadable',
  found: `the file cannot be read (${code})`,
  expected: 'a file that this user may read',
  remedy: 'check its permissions',
});

function failureOf(error: unknown): Failure {
  if (error instanceof Unwanted) return error.failure;
  const code = (error as NodeJS.ErrnoException).code as string;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return notUtf8;
  return code === 'ENOENT' ? noSuchFile : cannotRead(code);
}

/** The YAML files of a folder, sorted; hidden files and other endings are not ours. */
export function yamlFiles(folder: string, cwd: string): { names: string[]; problems: Problem[] } {
  try {
    const names = readdirSync(resolve(cwd, folder)).filter((name) => /^[^.].*\.ya?ml$/i.test(name));
    return { names: names.sort(), problems: [] };
  } catch (error) {
    return { names: [], problems: [noFolder(folder, cwd, error as NodeJS.ErrnoException)] };
  }
}

const noFolder = (folder: string, cwd: string, error: NodeJS.ErrnoException): Problem => ({
  file: displayPath(folder, cwd),
  line: 1,
  column: 1,
  rule: 'folder-unreadable',
  found: `the folder cannot be read (${String(error.code)})`,
  expected: 'a folder with one YAML file a municipality',
  remedy: 'check where you are, or name the folder',
});

/** The name of a municipality: file name, stack name and name of its state. */
const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const ENDING = '.yaml';
/** The stack of gateways and relays themselves has this name. */
const PLATFORM_STACK = 'platform';

/** The name of a file's municipality; undefined if it is none. */
export function municipalityId(fileName: string): string | undefined {
  const id = fileName.slice(0, -ENDING.length);
  return fileName.endsWith(ENDING) && isMunicipalityId(id) ? id : undefined;
}

export const isMunicipalityId = (name: string): boolean => NAME.test(name) && name !== PLATFORM_STACK;

const badName: Explanation = {
  rule: 'municipality-name',
  expected: 'a name of a-z, 0-9 and hyphens, beginning with a letter, at most 63 characters; not platform',
  remedy: 'name the file like musterstadt.yaml and the municipality by that name without .yaml',
};

/** A problem with a name instead of with something in a file. */
export const nameProblem = (file: string, name: string): Problem => ({
  file,
  line: 1,
  column: 1,
  found: `the name ${shown(name)}`,
  ...badName,
});

export const municipalityPath = (folder: string, id: string): string => join(folder, id + ENDING);
