import yargs, { type Argv } from 'yargs';
import { closest } from '../config/closest.js';
import { RehearsalError } from '../rehearsal/error.js';
import { commands, type AnyCommand, type Entry } from './commands.js';
import { ExitCode } from './exit.js';
import { Failure, failureJson, failureText } from './failure.js';
import type { Io } from './io.js';

const EXAMPLES: readonly (readonly [command: string, description: string])[] = [
  ['$0 rehearse musterstadt', 'all stages and back, on this machine'],
  ['$0 stage musterstadt 1', 'one stage further, in its file'],
  ['$0 deploy musterstadt', 'and on gateway, relay and DNS'],
  ['$0 matrix musterstadt --csv', 'the rows to be ordered'],
];

const EXITS =
  'Exit codes: 0 done, 1 failed, 2 differences, 3 refused by a gate, 4 bad input, 5 far end unreachable.';

/** Parses, calls, and turns whatever happened into an exit code. */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await parseAndRun(args, io);
  } catch (error) {
    const failure = asFailure(error, args);
    if (args.includes('--json')) io.out(failureJson(failure));
    else io.note(failureText(failure).trimEnd());
    if (failure.rule === 'internal' && io.env.DEBUG) io.note(String((error as Error).stack));
    return failure.exit;
  }
}

async function parseAndRun(args: readonly string[], io: Io): Promise<ExitCode> {
  // What the script of `completion` asks for: the words of the line so far, the last of them unfinished.
  if (args[0] === '--get-yargs-completions') return printCompletions(args.slice(2), io);
  if (args.length === 1 && args[0] === '--version') return printVersions(io);
  let exit: ExitCode = ExitCode.done;
  const program = yargs([...args])
    .scriptName('mailversand')
    .locale('en')
    .usage('$0 <command>\n\nCarries the mail of municipalities from the Internet into the Landesnetz.')
    .wrap(Math.min(io.width ?? 100, 100))
    // Listed here, answered above: the engine has to be asked.
    .version('version', 'Show the versions of tool, providers and engine', '')
    .help()
    .alias('help', 'h')
    .example(EXAMPLES.map(([command, description]) => [command, description]))
    .epilogue(EXITS)
    .strict()
    .demandCommand(1, 'name a command')
    .completion('completion', 'Print a completion script for bash')
    .exitProcess(false)
    .fail((message, error) => {
      // yargs' types promise an error, but it is absent where yargs itself complains.
      throw (error as Error | undefined) ?? badArguments(message, args);
    });
  for (const entry of commands) register(program, entry, io, (code) => (exit = code));
  await program.parseAsync([...args], {}, (_error, _argv, output) => {
    if (output) io.out(`${output}\n`);
  });
  return exit;
}

function register(program: Argv, entry: Entry, io: Io, done: (code: ExitCode) => void): void {
  let loaded: AnyCommand | undefined;
  const load = async (): Promise<AnyCommand> => (loaded ??= await entry.load());
  program.command(
    entry.usage,
    entry.summary,
    // yargs waits for a builder that is a promise; its types do not know.
    (async (sub: Argv) => (await load()).arguments(sub)) as unknown as (sub: Argv) => Argv,
    async (parsed) => done(await (await load()).run(parsed as never, io)),
  );
}

async function printCompletions(words: readonly string[], io: Io): Promise<ExitCode> {
  const { complete } = await import('./completion.js');
  for (const word of complete(words, io)) io.out(`${word}\n`);
  return ExitCode.done;
}

async function printVersions(io: Io): Promise<ExitCode> {
  const { versions } = await import('./versions.js');
  io.out(await versions(io.env));
  return ExitCode.done;
}

function badArguments(message: string, [command = '']: readonly string[]): Failure {
  const names = commands.map(({ usage }) => usage.split(' ')[0] ?? '');
  const near = names.includes(command) ? undefined : closest(command, names);
  const usage = commands.find((entry) => entry.usage.split(' ')[0] === command)?.usage;
  return new Failure({
    what: plainly(message),
    details: [
      ...(near === undefined ? [] : [`did you mean ${near}?`]),
      ...(usage === undefined ? [] : [`usage: npx mailversand ${usage}`]),
    ],
    remedy: 'npx mailversand --help shows commands, npx mailversand <command> --help their options',
    rule: 'arguments',
    exit: ExitCode.badInput,
  });
}

/** yargs' complaints in words of this program: what was found, what is allowed. */
function plainly(message: string): string {
  const text = message.replace(/\s*\n+\s*/g, ' ').trim();
  const [, name, given, choices] = /Argument: (\S+), Given: (.*), Choices: (.*)$/.exec(text) ?? [];
  if (name !== undefined)
    return `${name} is ${given === 'null' ? 'not a number' : given}, allowed are ${choices}`;
  const without = /^Not enough arguments following: (.*)$/.exec(text)?.[1];
  if (without !== undefined) return `--${without} needs a value`;
  return text.startsWith('Not enough non-option arguments') ? 'an argument is missing' : text;
}

function asFailure(error: unknown, args: readonly string[]): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  // Some of its complaints yargs throws itself.
  if (error instanceof Error && error.name === 'YError') return badArguments(message, args);
  if (error instanceof RehearsalError) {
    return new Failure({
      what: message,
      remedy: 'npx mailversand rehearsal list shows what runs',
      rule: 'rehearsal',
      exit: ExitCode.badInput,
    });
  }
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EROFS') {
    return new Failure({
      what: `this user may not write or read ${path ?? 'a file'}: ${message}`,
      remedy:
        'was it made by root? Then give it back (chown -R "$(id -un)" on that folder), or go on as root',
      rule: 'no-permission',
    });
  }
  if (code === 'ENOSPC') {
    return new Failure({
      what: `the disk is full: ${message}`,
      remedy: 'make room and run this again; what was already written is left as it is',
      rule: 'disk-full',
    });
  }
  return new Failure({
    what: message,
    remedy: 'this should not happen; run again with DEBUG=1 for the place in the code, and report it',
    rule: 'internal',
  });
}
