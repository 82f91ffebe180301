import { ExitCode } from './exit.js';

export interface FailureProps {
  /** What happened, with the value that was found; one sentence without a full stop. */
  readonly what: string;
  /** What to do now; a sentence or a command. */
  readonly remedy: string;
  /** Searchable id, printed in brackets. */
  readonly rule: string;
  /** @default ExitCode.failed */
  readonly exit?: ExitCode;
  /** Lines that say more: the output of a program, near names. @default none */
  readonly details?: readonly string[];
}

/** The one way in which a command ends without having done its work. */
export class Failure extends Error {
  readonly remedy: string;
  readonly rule: string;
  readonly exit: ExitCode;
  readonly details: readonly string[];

  constructor(props: FailureProps) {
    super(props.what);
    this.remedy = props.remedy;
    this.rule = props.rule;
    this.exit = props.exit ?? ExitCode.failed;
    this.details = props.details ?? [];
  }
}

/** As a person reads it: what happened, more about it, what to do. */
export function failureText(failure: Failure): string {
  const details = failure.details.map((line) => `  ${line}\n`).join('');
  return `mailversand: ${failure.message}\n${details}  ${failure.remedy}   [${failure.rule}]\n`;
}

/** The same facts under names. */
export function failureFacts(failure: Failure): Required<FailureProps> {
  const { message, remedy, rule, exit, details } = failure;
  return { what: message, details, remedy, rule, exit };
}

/** For `--json`. */
export const failureJson = (failure: Failure): string =>
  `${JSON.stringify({ error: failureFacts(failure) })}\n`;
