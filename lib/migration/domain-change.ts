import { isDeepStrictEqual } from 'node:util';
import type { Domain, Municipality, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { RuleId } from '../config/problem.js';
import { keptOf, municipalityFor, stageOfDomain } from './domains.js';
import { evidenceOfDomain } from './evidence.js';
import { isKeptStage, type KeptStage, mailFlows } from './kept.js';
import type { KeptEdit } from './kept-edit.js';
import { changeStage, isRefusal, type Refusal } from './stage-change.js';
import { missingOf } from './stages.js';

/** What changes among a municipality's domains; everything else in its file stays. */
export type DomainEdit =
  { add: Domain } | { domain: string; stage: StageNumber; kept: KeptEdit } | { remove: string };

export interface DomainStageChange {
  /** The municipality as its file says it afterwards. */
  after: Municipality;
  edit: Extract<DomainEdit, { domain: string }>;
  /** Forwards: facts that the gate will ask for and that the file does not have yet. */
  missing: string[];
}

/** A new domain. While mail flows it begins at stage 0, whatever the others have reached. */
export function addDomain(m: Municipality, domain: Domain): DomainEdit | Refusal {
  if (m.domains.some(({ name }) => name === domain.name)) {
    return refusal('domain-there', `${m.id} has ${domain.name} already`, 'nothing to write');
  }
  return { add: mailFlows(m) ? { ...domain, stage: 0 } : domain };
}

/** One edge of one domain, by the rules of a municipality's edge. */
export function changeDomainStage(
  m: Municipality,
  p: Platform,
  name: string,
  to: number,
  now: Date,
): DomainStageChange | Refusal {
  const domain = m.domains.find((one) => one.name === name);
  if (domain === undefined) return unknownDomain(m, name);
  if (to > m.stage) return ahead(m, name, to);
  if (to < stageOfDomain(m, domain) && isLast(m, domain)) return last(m, name, 'stage');
  const change = changeStage(municipalityFor(m, domain), p, to, now);
  if (isRefusal(change)) return ofDomain(change, m, name);
  const { stage } = change.after;
  const own = change.after.kept.filter(isKeptStage).map((kept) => ({ ...kept, domain: name }));
  const before = keptOf(m, domain);
  const kept = { drop: without(before, own), add: without(own, before), settling: change.edit.settling };
  const moved: Domain = { ...domain, stage };
  const after: Municipality = {
    ...m,
    domains: m.domains.map((one) => (one === domain ? moved : one)),
    kept: [...m.kept.filter((entry) => !(kept.drop as object[]).includes(entry)), ...kept.add],
    ...(kept.settling && { settling: kept.settling }),
  };
  const facts = stage > stageOfDomain(m, domain) ? evidenceOfDomain(after, moved) : {};
  return {
    after,
    edit: { domain: name, stage, kept },
    missing: missingOf(facts),
  };
}

/**
 * A domain that goes: when it has gone all its edges back and nothing of it is kept. Also at stage 1: what releases
 * its record sets is configured by its entry.
 */
export function removeDomain(m: Municipality, name: string): DomainEdit | Refusal {
  const domain = m.domains.find((one) => one.name === name);
  if (domain === undefined) return unknownDomain(m, name);
  if (m.domains.length === 1 || (mailFlows(m) && isLast(m, domain))) return last(m, name, 'remove');
  const stage = stageOfDomain(m, domain);
  if (stage > 0) {
    return refusal(
      'domain-in-use',
      `${name} stands at stage ${stage}, and can be removed at stage 0`,
      `back edge by edge, each deployed: npx mailversand domain ${m.id} stage ${name} ${stage - 1}`,
    );
  }
  const { kept } = municipalityFor(m, domain);
  if (kept.length > 0) {
    const until = kept
      .map((entry) => entry.until)
      .sort()
      .at(-1) as string;
    return refusal(
      'domain-kept',
      `what ${name} had is kept until ${until}: it may still be used`,
      `npx mailversand stage ${m.id} --drop-kept when it is over, deploy, then remove it`,
    );
  }
  return { remove: name };
}

/** Whether no other domain stands where the municipality stands. */
const isLast = (m: Municipality, domain: Domain): boolean =>
  !m.domains.some((one) => one !== domain && stageOfDomain(m, one) === stageOfDomain(m, {}));

const without = (list: readonly KeptStage[], others: readonly KeptStage[]): KeptStage[] =>
  list.filter((entry) => !others.some((other) => isDeepStrictEqual(entry, other)));

const refusal = (rule: RuleId, refused: string, remedy: string): Refusal => ({ refused, remedy, rule });

export const unknownDomain = ({ id, domains }: Municipality, name: string): Refusal =>
  refusal(
    'domain-unknown',
    `${id} has no domain ${name}`,
    `it has ${domains.map((one) => one.name).join(', ')}`,
  );

const ahead = ({ id, stage }: Municipality, name: string, to: number): Refusal =>
  refusal(
    'domain-ahead',
    `${name} cannot go to stage ${to}: ${id} stands at stage ${stage}`,
    `a domain goes no further than its municipality: npx mailversand stage ${id} ${stage + 1}`,
  );

const last = ({ id, stage }: Municipality, name: string, action: 'stage' | 'remove'): Refusal =>
  refusal(
    'domain-last',
    `without ${name} no domain of ${id} would stand at its stage ${stage}`,
    action === 'stage'
      ? `go back with the whole municipality: npx mailversand stage ${id} ${stage - 1}`
      : `add another first: npx mailversand domain ${id} add DOMAIN --writer WRITER --mx "10 HOST" --ttl SECONDS`,
  );

/** What is refused of any edge, with the command that is about the domain. */
const ofDomain = ({ refused, remedy, rule }: Refusal, { id }: Municipality, name: string): Refusal => ({
  refused: refused.replace(`${id} is at`, `${name} is at`),
  remedy: remedy.replace(`npx mailversand stage ${id} `, `npx mailversand domain ${id} stage ${name} `),
  rule,
});
