import type { Command } from './session.js';

/** A forced command on this machine, without SSH: for tests, and for a far end that is this host. */
export const localCommand = (
  script: string,
  args: readonly string[],
  enter: readonly string[] = [],
): Command => {
  const [program = script, ...rest] = [...enter, script, ...args];
  return { program, args: rest };
};
