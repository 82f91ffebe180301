/** How far one domain goes by a deploy: stages that it stood at and will stand at. */
export interface DomainEdge {
  domain: string;
  from: number;
  to: number;
}

/** What is declared, and what of it is only kept: of a register, or of a plan. */
export interface Side {
  declares: ReadonlySet<string>;
  holds: readonly { readonly id: string }[];
}

/**
 * Each domain whose stage changes. A domain may stand behind its municipality, because it joins or leaves; where it
 * stands is seen by what is declared of it and not only kept.
 */
export function domainEdges(reached: Side, planned: Side): DomainEdge[] {
  const [before, after] = [stagesIn(reached), stagesIn(planned)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((domain) => {
    const edge = { domain, from: before.get(domain) ?? 0, to: after.get(domain) ?? 0 };
    return edge.from === edge.to ? [] : [edge];
  });
}

/** The stage that one domain stands at; 0: none is declared. */
export const stageOfDomainIn = (side: Side, domain: string): number => stagesIn(side).get(domain) ?? 0;

/** The stage that moves the MX. */
export const mxStage = 4;

/** What a stage brings to each of its domains, the highest stage that has it. */
const marks: readonly [number, RegExp][] = [
  [4, /^relay_acceptance:[^/]+\/(.+)\/internet$/],
  [3, /^relay_acceptance:[^/]+\/(.+)\/ndb$/],
  [2, /^relay_acceptance:[^/]+\/(.+)\/internal$/],
  [1, /^mx:(.+)$/],
];

function stagesIn({ declares, holds }: Side): Map<string, number> {
  const kept = new Set(holds.map(({ id }) => id));
  const stages = new Map<string, number>();
  for (const id of declares) {
    for (const [stage, pattern] of marks) {
      const domain = kept.has(id) ? undefined : pattern.exec(id)?.[1];
      if (domain !== undefined) stages.set(domain, Math.max(stage, stages.get(domain) ?? 0));
    }
  }
  return stages;
}
