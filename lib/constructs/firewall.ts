import type { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type * as elements from '../migration/elements.js';
import { keys } from '../migration/kinds.js';
import { FirewallOpening } from '../provider/resources/firewall-opening.js';
import { declared, type InOrder, keyed } from './declared.js';

export interface FirewallProps extends InOrder {
  readonly openings: readonly elements.FirewallOpening[];
}

/** The openings on the gateway, each a single flow. */
export class Firewall extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    this.resources = props.openings.map(
      (opening) =>
        new FirewallOpening(this, keyed('opening', keys.opening(opening)), declared(opening, props)),
    );
  }
}
