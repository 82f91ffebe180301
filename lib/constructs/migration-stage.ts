import type { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type * as elements from '../migration/elements.js';
import { MigrationGate } from '../provider/resources/migration-gate.js';
import { MigrationStage as StageRecord } from '../provider/resources/migration-stage.js';
import { declared, literal } from './declared.js';

export interface MigrationStageProps {
  readonly edge: elements.Gate;
  /** Of the desired state: by it the register's readers see whether a file changed since the last deploy. */
  readonly digest: string;
}

/**
 * The two ends of an edge. The gate checks it and comes first, everything depends on it; the record writes the
 * stage reached and comes last. One resource cannot be both: a record is checked too late, and a targeted
 * apply passes it by.
 */
export class MigrationStage extends Construct {
  readonly gate: TerraformResource;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MigrationStageProps,
  ) {
    super(scope, id);
    const { edge } = props;
    // The provider's map holds texts only; what is missing is empty there, and refused by its name.
    const evidence = Object.fromEntries(
      Object.entries(edge.evidence).map(([fact, value]) => [fact, value ?? '']),
    );
    this.gate = new MigrationGate(this, 'gate', {
      ...literal({ ...edge, evidence }),
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** Declares the record, behind all other resources of the municipality. */
  record(after: readonly TerraformResource[]): TerraformResource {
    const { municipality, owner, stage, declares, holds } = this.props.edge;
    const reached = { municipality, owner, stage, declares, holds, digest: this.props.digest };
    return new StageRecord(this, 'record', declared(reached, { gate: this.gate, after }));
  }
}
