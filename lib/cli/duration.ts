import { duration, toSeconds } from '../config/fields/time.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';

/** Seconds of a length of time that was typed. @throws Failure where it is none */
export function secondsOf(typed: string): number {
  if (duration.safeParse(typed).success) return toSeconds(typed);
  throw new Failure({
    what: `${JSON.stringify(typed)} is not a length of time`,
    remedy: 'write a number followed by s, m, h or d, like 90s or 2h',
    rule: 'duration',
    exit: ExitCode.badInput,
  });
}
