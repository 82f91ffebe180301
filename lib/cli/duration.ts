import { duration, toSeconds } from '../config/fields/time.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';

/**
 * Seconds of a length of time that was typed.
 * @param option behind which it stands
 * @throws Failure where it is none
 */
export function secondsOf(typed: string, option: string): number {
  if (duration.safeParse(typed).success) return toSeconds(typed);
  throw new Failure({
    what:
      typed === ''
        ? `${option} wants a length of time, e.g. ${option} 2h`
        : `${JSON.stringify(typed)} is not a length of time`,
    remedy: 'write a number followed by s, m, h or d, like 90s or 2h',
    rule: 'duration',
    exit: ExitCode.badInput,
  });
}
