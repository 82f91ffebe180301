import { displayPath } from '../config/files.js';
import { loadOne, loadPlatform } from '../config/load.js';
import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { formatProblems, problemCount, problemsAsJson, type Problem } from '../config/problem.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { Io } from './io.js';
import { knownName, PLATFORM } from './names.js';
import type { Project } from './project.js';

export interface Loaded {
  readonly municipality: Municipality;
  readonly platform: Platform;
}

/** One municipality and the platform; every problem of both is shown and ends the command. */
export function loadMunicipality(io: Io, project: Project, name: string): Loaded {
  const { municipality, platform, problems } = loadOne(name, places(io, project));
  if (municipality && platform && problems.length === 0) return { municipality, platform };
  io.note(formatProblems(problems));
  throw wrongFiles(problems);
}

/** The stack that was typed: a municipality whose files are right, or the platform. Quick, and before any set-up. */
export function checkedStack(
  io: Io,
  project: Project,
  typed: string,
): { stack: string; platform: Platform; municipality?: Municipality } {
  const stack = knownName(typed, project, [PLATFORM]);
  const loaded =
    stack === PLATFORM ? { platform: checkedPlatform(io, project) } : loadMunicipality(io, project, stack);
  return { stack, ...loaded };
}

function checkedPlatform(io: Io, project: Project): Platform {
  const { platform, problems } = loadPlatform(places(io, project));
  if (platform && problems.length === 0) return platform;
  io.note(formatProblems(problems));
  throw wrongFiles(problems);
}

/** Without host keys the provider connects to nobody, and says so once for every element. */
export function requireHostKeys(
  io: Io,
  project: Project,
  { stack, platform }: { stack: string; platform: Platform },
): void {
  const { gateways, relays, register } = platform;
  const without = [...gateways, ...relays, { name: 'register', ...register }]
    .filter(({ ssh }) => ssh.hostKey === undefined)
    .map(({ name }) => name);
  if (without.length === 0) return;
  throw new Failure({
    what: `${displayPath(project.platform, io.cwd)} has no SSH host key for ${without.join(', ')}, and nothing is connected to without one`,
    details: [
      'the rehearsal makes its keys when it starts: start one, and source the file `env` that it names',
    ],
    remedy: `npx mailversand rehearse ${stack === PLATFORM ? 'musterstadt' : stack} --to 0 --keep; for a real data centre name its file in MAILVERSAND_PLATFORM`,
    rule: 'no-host-keys',
    exit: ExitCode.badInput,
  });
}

export const places = (io: Io, project: Project) => ({
  municipalitiesDir: project.municipalities,
  platformFile: project.platform,
  cwd: io.cwd,
});

/** The whole report of a check: for people on standard error, for machines on standard output. */
export function report(io: Io, problems: readonly Problem[], json: boolean): ExitCode {
  if (json) io.out(`${problemsAsJson(problems)}\n`);
  else if (problems.length > 0) io.note(formatProblems(problems));
  return problems.length === 0 ? ExitCode.done : ExitCode.badInput;
}

const wrongFiles = (problems: readonly Problem[]): Failure =>
  new Failure({
    what: `${problemCount(problems)} in the files`,
    remedy: 'put right what stands above; npx mailversand validate checks all files',
    rule: 'files',
    exit: ExitCode.badInput,
  });
