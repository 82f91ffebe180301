import type { Domain, Municipality, StageNumber } from '../config/municipality.js';
import { isKeptStage, type KeptStage } from './kept.js';
import { lastStage } from './stages.js';

/**
 * A domain, and the municipality as it is for that domain: with it as the only one, the stage at which it stands,
 * what is kept of it, the tests that were passed with it. Whatever is made of domains is made from this, so a domain
 * that joins or leaves while the others' mail flows goes through the same stages as a municipality.
 */
export interface OfDomain {
  domain: Domain;
  m: Municipality;
}

export const ofEachDomain = (m: Municipality): OfDomain[] =>
  m.domains.map((domain) => ({ domain, m: municipalityFor(m, domain) }));

/** The stage at which a domain stands: no further than its own, and no further than the municipality's. */
export const stageOfDomain = (m: Municipality, { stage }: Pick<Domain, 'stage'>): StageNumber =>
  Math.min(m.stage, lastStage(m.routing), stage ?? m.stage) as StageNumber;

/** What is kept of one domain by entries of its own. */
export const keptOf = (m: Municipality, { name }: Pick<Domain, 'name'>): KeptStage[] =>
  m.kept.filter(isKeptStage).filter(({ domain }) => domain === name);

export function municipalityFor(m: Municipality, domain: Domain): Municipality {
  const { stage: own, connectionTestPassedOn, outgoingTestPassedOn, ...rest } = domain;
  return {
    ...m,
    ...(own === undefined ? {} : { connectionTestPassedOn, outgoingTestPassedOn }),
    domains: [rest],
    stage: stageOfDomain(m, domain),
    kept: [...inherited(m, domain), ...keptOf(m, domain).map(withoutDomain)],
  };
}

/**
 * What is kept of the whole municipality, as far as the domain went with it: of entries that come to the same stage, the
 * one that ends last, and of two that end together the one that began last, by which the register counts.
 */
function inherited(m: Municipality, domain: Domain): KeptStage[] {
  const stands = stageOfDomain(m, domain);
  const all = m.kept
    .filter(isKeptStage)
    .filter((kept) => kept.domain === undefined)
    .flatMap(({ stage, ...times }) => {
      const went = Math.min(stage, domain.stage ?? stage);
      return went > stands ? { stage: went as KeptStage['stage'], ...times } : [];
    })
    .sort((a, b) => Date.parse(b.until) - Date.parse(a.until) || Date.parse(b.since) - Date.parse(a.since));
  return all.filter(({ stage }, i) => all.findIndex((other) => other.stage === stage) === i);
}

const withoutDomain = ({ stage, since, until }: KeptStage): KeptStage => ({ stage, since, until });
