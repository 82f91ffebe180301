import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { CdktfRun } from './cdktf.js';
import { exitOfFailure } from './outcome.js';

/** The exit code of a run that failed, with one sentence that says where to look. */
export function failedRun(command: string, stack: string, { output }: CdktfRun): Failure {
  const exit = exitOfFailure(output);
  if (output.includes('no space left on device')) return diskFull(command, stack);
  const ends: Partial<Record<ExitCode, readonly [what: string, remedy: string, rule: string]>> = {
    [ExitCode.refused]: ['was refused', 'the message above says by which rule and what to do', 'refused'],
    [ExitCode.unreachable]: [
      'could not reach a far end',
      'the message above names it; the state is as it was before, so the same command can be repeated',
      'unreachable',
    ],
  };
  const [what, remedy, rule] = ends[exit] ?? [
    'failed',
    'the message above says where; once it is put right, the same command goes on from there',
    'engine-failed',
  ];
  const details = exit === ExitCode.unreachable ? unreachable(output) : [];
  return new Failure({ what: `${command} of ${stack} ${what}`, details, remedy, rule, exit });
}

/** The far ends that the provider named, each once: every resource behind one complains of it. */
const unreachable = (output: string): string[] =>
  [
    ...new Set(
      [...output.matchAll(/(\w[\w.-]*(?: [\w.-]+)? \([^()\s]+@[^()\s]+\)) is unreachable/g)].map(
        ([, name = '']) => name,
      ),
    ),
  ].sort();

const diskFull = (command: string, stack: string): Failure =>
  new Failure({
    what: `${command} of ${stack} failed: the disk is full`,
    remedy: 'make room on the disk (the message above names the file) and run the same command again',
    rule: 'disk-full',
  });
