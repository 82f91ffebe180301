import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { Target } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { reachedIn } from '../provider/resources/reached.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { openPlatform } from './far-ends.js';

/**
 * What a connection test expects of relay and gateway follows from the stage in the file: of another than the one
 * that is deployed it would find faults where there are none.
 * @throws Failure, UnreachableError
 */
export async function mustBeReached(m: Municipality, p: Platform): Promise<void> {
  const targets = openPlatform(p);
  try {
    await registerMustAgree(m, targets({ kind: 'register' }));
  } finally {
    await targets.close();
  }
}

/** @throws Failure where the register says another stage than the file */
export async function registerMustAgree({ id, stage }: Municipality, register: Target): Promise<void> {
  const reached = reachedIn(await liveElements(register), id).stage;
  if (reached === stage) return;
  throw new Failure({
    what: `the register says stage ${reached} of ${id}, its file says ${stage}: only what is deployed can be tested`,
    remedy: `npx mailversand deploy ${id} first; if its gate wants the test first, take the edge out of the file again, test, and write it anew`,
    rule: 'stage-not-deployed',
    exit: ExitCode.refused,
  });
}
