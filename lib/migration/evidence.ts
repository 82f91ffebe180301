import type { Domain, Municipality, StageNumber } from '../config/municipality.js';
import { municipalityFor, stageOfDomain } from './domains.js';
import { lastStage, stageOf, type Evidence } from './stages.js';

/**
 * Facts that the present stage rests on, of the municipality and of each domain that has a stage of its own. A
 * domain's are named by it, so that the gate asks for them when that domain goes forward.
 */
export function evidenceOf(m: Municipality): Evidence {
  const together = { ...m, domains: m.domains.filter(({ stage }) => stage === undefined) };
  const own = m.domains.filter(({ stage }) => stage !== undefined);
  return Object.assign(
    factsOf(together, Math.min(m.stage, lastStage(m.routing)) as StageNumber),
    ...own.map((domain) => evidenceOfDomain(m, domain)),
  ) as Evidence;
}

/** Facts that a domain's own stage rests on. What only the municipality can state, it has stated for its own edge. */
export function evidenceOfDomain(m: Municipality, domain: Domain): Evidence {
  const facts = factsOf(municipalityFor(m, domain), stageOfDomain(m, domain));
  const tests = ['connectionTestPassedOn', 'outgoingTestPassedOn'];
  return Object.fromEntries(
    Object.entries(facts).flatMap(([fact, value]) => {
      if (tests.includes(fact)) return [[`domains[${domain.name}].${fact}`, value]];
      return fact.startsWith('domains[') ? [[fact, value]] : [];
    }),
  );
}

const factsOf = (m: Municipality, stage: StageNumber): Evidence =>
  stage === 0 ? {} : { ...stageOf(stage).evidence(m) };
