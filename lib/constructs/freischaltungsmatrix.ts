import type { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type * as elements from '../migration/elements.js';
import { keys } from '../migration/kinds.js';
import { MatrixEntry } from '../provider/resources/matrix-entry.js';
import { declared, type InOrder, keyed } from './declared.js';

export interface FreischaltungsmatrixProps extends InOrder {
  readonly entries: readonly elements.MatrixEntry[];
}

/** The rows of the Freischaltungsmatrix: what is ordered, as the register holds it. */
export class Freischaltungsmatrix extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: FreischaltungsmatrixProps) {
    super(scope, id);
    this.resources = props.entries.map(
      (entry) => new MatrixEntry(this, keyed('row', keys.matrixEntry(entry)), declared(entry, props)),
    );
  }
}
