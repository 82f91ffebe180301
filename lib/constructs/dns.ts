import { MxRecordSet } from '@cdktf/provider-dns/lib/mx-record-set/index.js';
import { TxtRecordSet } from '@cdktf/provider-dns/lib/txt-record-set/index.js';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type { MxRecord } from '../config/municipality.js';
import type * as elements from '../migration/elements.js';
import { keys } from '../migration/kinds.js';
import { HosterMx } from '../provider/resources/hoster-mx.js';
import { declared, type InOrder, keyed } from './declared.js';
import type { PlatformProviders } from './platform-providers.js';

export interface DnsProps extends InOrder {
  /** AGS of the municipality. */
  readonly owner: string;
  readonly mxRecordSets: readonly elements.MxRecordSet[];
  readonly spfRecordSets: readonly elements.SpfRecordSet[];
  readonly providers: PlatformProviders;
  /** What must take a domain's mail before its MX may point there. */
  readonly before: (domain: string) => readonly ITerraformDependable[];
}

/**
 * MX and SPF record sets, through the typed classes of `@cdktf/provider-dns`. Sets in a zone at the
 * municipality's hoster are instructed, observed and waited for, never written.
 *
 * SPF stands beside the order: a foreign second SPF record stops its own set and nothing else, least of all an
 * MX on its way back.
 */
export class Dns extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: DnsProps) {
    super(scope, id);
    const { gate, after = [], before, providers } = props;
    const order = ({ domain }: RecordSet): InOrder => ({ gate, after: [...after, ...before(domain)] });

    const spf = props.spfRecordSets.filter(isWritten).map(
      (set) =>
        new TxtRecordSet(this, keyed('spf', keys.spfRecordSet(set)), {
          provider: providers.dnsWriter(set.writer, set.zone),
          ...declared({ ...place(set), txt: [set.value] }, props),
        }),
    );
    const mx = props.mxRecordSets.filter(isWritten).map(
      (set) =>
        new MxRecordSet(this, keyed('mx', keys.mxRecordSet(set)), {
          provider: providers.dnsWriter(set.writer, set.zone),
          ...declared({ ...place(set), mx: set.records.map(toMx) }, order(set)),
        }),
    );
    const instructed = props.mxRecordSets
      .filter((set) => !isWritten(set))
      .map(
        (set) =>
          new HosterMx(this, keyed('hoster_mx', keys.mxRecordSet(set)), {
            ...declared(
              { domain: set.domain, ttl: set.ttl, records: set.records, owner: props.owner },
              order(set),
            ),
          }),
      );
    this.resources = [...spf, ...mx, ...instructed];
  }
}

type RecordSet = elements.MxRecordSet | elements.SpfRecordSet;

const toMx = ({ preference, host }: MxRecord) => ({ preference, exchange: `${host}.` });

/** Whether Dataport can write the zone; what the municipality's hoster has is only instructed. */
export const isWritten = ({ writer }: { writer: string }): boolean => writer !== 'hoster';

/** As the provider wants it: names end in a dot, and the zone's own name has none within the zone. */
const place = ({ domain, zone, ttl }: RecordSet) => ({
  zone: `${zone}.`,
  ...(domain === zone ? {} : { name: domain.slice(0, -zone.length - 1) }),
  ttl,
});
