import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { stageOfDomain } from '../migration/domains.js';
import type { Target } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { stageOfDomainIn } from '../provider/resources/domain-edges.js';
import { reachedIn, type Reached } from '../provider/resources/reached.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { openPlatform } from './far-ends.js';

/**
 * What a connection test expects of relay and gateway follows from the stage in the file: of another than the one
 * that is deployed it would find faults where there are none.
 * @returns what is deployed
 * @throws Failure, UnreachableError
 */
export async function mustBeReached(m: Municipality, p: Platform): Promise<Reached> {
  const targets = openPlatform(p);
  try {
    return await registerMustAgree(m, targets({ kind: 'register' }));
  } finally {
    await targets.close();
  }
}

/** @throws Failure where the register says another stage than the file, of the municipality or of one of its domains */
export async function registerMustAgree(m: Municipality, register: Target): Promise<Reached> {
  const { id, stage } = m;
  const reached = reachedIn(await liveElements(register), id);
  const apart = [{ domain: id, file: stage, register: reached.stage }, ...domainStages(m, reached)].find(
    (one) => one.file !== one.register,
  );
  if (apart === undefined) return reached;
  throw new Failure({
    what: `the register says stage ${apart.register} of ${apart.domain}, ${apart.domain === id ? 'its file' : 'the file'} says ${apart.file}: only what is deployed can be tested`,
    remedy: `npx mailversand deploy ${id} first; if its gate wants the test first, take the edge out of the file again, test, and write it anew`,
    rule: 'stage-not-deployed',
    exit: ExitCode.refused,
  });
}

/** Where a domain stands by its file and by the register. */
export interface DomainStages {
  domain: string;
  file: number;
  register: number;
}

export const domainStages = (m: Municipality, reached: Reached): DomainStages[] =>
  m.domains.map((domain) => ({
    domain: domain.name,
    file: stageOfDomain(m, domain),
    register: stageOfDomainIn(reached, domain.name),
  }));
