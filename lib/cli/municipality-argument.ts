import type { Argv } from 'yargs';

/** The argument that nearly every command begins with. @param describe what else it may be */
export const withMunicipality = <A>(yargs: Argv<A>, describe = 'Name of its file without .yaml') =>
  yargs.positional('municipality', { type: 'string', demandOption: true, describe });
