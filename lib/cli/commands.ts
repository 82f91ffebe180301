import type { Argv } from 'yargs';
import type { ExitCode } from './exit.js';
import type { Io } from './io.js';

/** What a command's file exports: its own arguments, and what it does with them. */
export interface Command<A> {
  arguments(yargs: Argv): Argv<A>;
  run(args: A, io: Io): Promise<ExitCode>;
}

/** Any of them: what its arguments are, only its own file knows. */
export interface AnyCommand {
  arguments(yargs: Argv): unknown;
  run(args: never, io: Io): Promise<ExitCode>;
}

/** A command as `--help` lists it. Its file is read only when it is called. */
export interface Entry {
  /** Name and positional arguments, as yargs writes them. */
  readonly usage: string;
  readonly summary: string;
  load(): Promise<AnyCommand>;
}

export const commands: readonly Entry[] = [
  {
    usage: 'validate',
    summary: 'Check all municipality files and the platform file',
    load: async () => (await import('./commands/validate.js')).validate,
  },
  {
    usage: 'stage <municipality> [stage]',
    summary: 'Move a municipality to the next stage or back, in its file',
    load: async () => (await import('./commands/stage.js')).stage,
  },
  {
    usage: 'server <municipality> <action> [transfer]',
    summary: 'Add a mail server, have it tested, or remove one, in its file; also while mail flows',
    load: async () => (await import('./commands/server.js')).server,
  },
  {
    usage: 'domain <municipality> <action> <domain> [stage]',
    summary: 'Add a domain, take it through the stages by itself, or remove it, in its file',
    load: async () => (await import('./commands/domain.js')).domain,
  },
  {
    usage: 'rueckweg <municipality>',
    summary: 'Print the way back, before the edge forward is taken: steps, waits, who does what',
    load: async () => (await import('./commands/rueckweg.js')).rueckweg,
  },
  {
    usage: 'hosterblatt <municipality>',
    summary: 'Print what the hoster of its zones has to write, and wait for it',
    load: async () => (await import('./commands/hosterblatt.js')).hosterblatt,
  },
  {
    usage: 'matrix <municipality>',
    summary: 'Print the Freischaltungsmatrix',
    load: async () => (await import('./commands/matrix.js')).matrix,
  },
  {
    usage: 'vorabpruefung <municipality|domain>',
    summary: 'Check a mail server from outside before the application (task 03), or a domain without a file',
    load: async () => (await import('./commands/vorabpruefung.js')).vorabpruefung,
  },
  {
    usage: 'diff <municipality>',
    summary: 'Show what a deploy would change',
    load: async () => (await import('./commands/diff.js')).diff,
  },
  {
    usage: 'deploy <municipality>',
    summary: "Bring a municipality's stage to gateway, relay and DNS",
    load: async () => (await import('./commands/deploy.js')).deploy,
  },
  {
    usage: 'beobachten <municipality>',
    summary: 'Record what the name servers show before an MX moves, and wait',
    load: async () => (await import('./commands/beobachten.js')).beobachten,
  },
  {
    usage: 'anbindungstest <municipality>',
    summary: "Test the way from the relay to a municipality's mail servers (task 12)",
    load: async () => (await import('./commands/anbindungstest.js')).anbindungstest,
  },
  {
    usage: 'env',
    summary: 'Print the variables with which plain cdktf works, for eval',
    load: async () => (await import('./commands/env.js')).env,
  },
  {
    usage: 'setup',
    summary: 'Install what is missing: engine, providers, programs',
    load: async () => (await import('./commands/setup.js')).setup,
  },
  {
    usage: 'rehearse <municipality>',
    summary: 'Take a municipality through all stages on this machine, with real mail',
    load: async () => (await import('./commands/rehearse.js')).rehearse,
  },
  {
    usage: 'rehearsal <action> [id]',
    summary: 'List or stop rehearsals that were kept running',
    load: async () => (await import('./commands/rehearsal.js')).rehearsal,
  },
];
