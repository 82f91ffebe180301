import type { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type * as elements from '../migration/elements.js';
import { keys } from '../migration/kinds.js';
import { DnatRule } from '../provider/resources/dnat-rule.js';
import { SnatRule } from '../provider/resources/snat-rule.js';
import { declared, type InOrder, keyed } from './declared.js';

export interface NatProps extends InOrder {
  readonly dnatRules: readonly elements.DnatRule[];
  readonly snatRules: readonly elements.SnatRule[];
}

/** Address translation (Adressübersetzung): the pairs that hide a municipality's inside addresses. */
export class Nat extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: NatProps) {
    super(scope, id);
    this.resources = [
      ...props.dnatRules.map(
        (rule) => new DnatRule(this, keyed('dnat', keys.dnatRule(rule)), declared(rule, props)),
      ),
      ...props.snatRules.map(
        (rule) => new SnatRule(this, keyed('snat', keys.snatRule(rule)), declared(rule, props)),
      ),
    ];
  }
}
