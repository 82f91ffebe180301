import { defineResource, type Diagnostic, type FarEnds } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import { declares, holds, municipality, owner, stage, validUntil } from './common.js';
import { carriesMail, heldBy, objections } from './declared.js';
import { gateRules, refuseDestroy } from './gate-rules.js';
import { otherNamesOf, readReached, type Hold } from './reached.js';

interface Planned {
  municipality: string;
  owner: string;
  stage: number;
  evidence: Readonly<Record<string, string>>;
  declares: readonly string[];
  holds: readonly Hold[];
  validUntil?: string | undefined;
}

/** Lets a municipality's edge through, or not. */
export const migrationGate = defineResource({
  type: 'migration_gate',
  doc: 'The gate before an edge. Every other resource of the municipality depends on it: it refuses while planning, and again as the first thing applied. What it compares with is the stage that `landesnetz_migration_stage` recorded in the register.',
  attributes: {
    municipality,
    owner,
    stage,
    evidence: {
      type: { map: 'string' },
      doc: 'Facts that the edge into this stage rests on; an empty one is missing and refuses the edge forwards.',
    },
    declares,
    holds,
    validUntil,
    edge: {
      type: 'string',
      computed: true,
      doc: 'The edge it let through last, as `1-2`. As long as that is not finished, every deploy asks the gate again.',
    },
  },
  example: {
    municipality: 'musterstadt',
    owner: '15084490',
    stage: 2,
    evidence: { connectionTestPassedOn: '2025-04-01' },
    declares: ['relay_route:relay1/musterstadt.example'],
    holds: [],
  },
  elements: () => [],
  fromElements: () => undefined,
  check: async ({ prior, proposed, farEnds }) => {
    if (proposed) return refuseEdge(proposed, prior !== undefined, farEnds);
    return prior ? refuseDestroy(prior.municipality, await readReached(farEnds, prior.municipality)) : [];
  },
  outdated: async ({ proposed, farEnds }) =>
    (await readReached(farEnds, proposed.municipality)).stage !== proposed.stage,
  compute: async ({ prior, proposed, farEnds }) => {
    const reached = await readReached(farEnds, proposed.municipality);
    const isEdge = reached.stage !== proposed.stage || prior?.edge === undefined;
    return { edge: isEdge ? `${reached.stage}-${proposed.stage}` : prior.edge };
  },
});

async function refuseEdge(planned: Planned, hasState: boolean, farEnds: FarEnds): Promise<Diagnostic[]> {
  const { municipality, owner } = planned;
  const reached = await readReached(farEnds, municipality);
  const declared = new Set(planned.declares);
  const edge = {
    ...planned,
    validUntil: planned.validUntil,
    declares: declared,
    hasState,
    reached,
    otherNames: await otherNamesOf(owner, municipality, farEnds),
    held: await heldBy(owner, [...reached.declares, ...declared], farEnds),
    carriesMail,
    now: farEnds.now(),
  };
  const refusals = gateRules.flatMap((rule) => rule.check(edge));
  if (refusals.length > 0) return refusals;
  return objections(
    [...reached.declares].filter((id) => !declared.has(id)),
    farEnds,
  );
}

export class MigrationGate extends terraformClass(migrationGate) {}
