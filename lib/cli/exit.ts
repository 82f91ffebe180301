/** What every command ends with, so that scripts can tell one kind of "no" from another. */
export const ExitCode = {
  done: 0,
  failed: 1,
  /** `diff` found differences. */
  differences: 2,
  /** A gate or guard said no; nothing was changed by what it refused. */
  refused: 3,
  badInput: 4,
  /** Gateway, relay, DNS server or register could not be reached. */
  unreachable: 5,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
