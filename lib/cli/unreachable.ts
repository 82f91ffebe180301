import type { UnreachableError } from '../provider/element.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';

/** A far end that a command cannot ask. @param remedy what that means for the command, and what to do */
export const unreachable = ({ message }: UnreachableError, remedy: string): Failure =>
  new Failure({ what: message, remedy, rule: 'unreachable', exit: ExitCode.unreachable });
