import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type * as elements from '../migration/elements.js';
import { keys } from '../migration/kinds.js';
import { NdbDomain } from '../provider/resources/ndb-domain.js';
import { declared, type InOrder, keyed } from './declared.js';

export interface NdbReportProps extends InOrder {
  readonly domains: readonly elements.NdbDomain[];
  /** What must take a domain's mail before its report sends the partners there. */
  readonly before: (domain: string) => readonly ITerraformDependable[];
}

/** The report of the domains to the Netze des Bundes (Meldung der Domain im NdB). */
export class NdbReport extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: NdbReportProps) {
    super(scope, id);
    const { gate, after = [], before } = props;
    this.resources = props.domains.map(
      (report) =>
        new NdbDomain(
          this,
          keyed('domain', keys.ndbDomain(report)),
          declared(report, { gate, after: [...after, ...before(report.domain)] }),
        ),
    );
  }
}
