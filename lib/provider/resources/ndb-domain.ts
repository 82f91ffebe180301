import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { domain, owner } from './common.js';

/** Meldung der Domain im NdB. */
export const ndbDomain = defineResource({
  type: 'ndb_domain',
  doc: 'A domain’s report to the Netze des Bundes, from which the partners’ table is made. A row of the register.',
  attributes: {
    domain,
    reference: { type: 'string', doc: 'Reference of the report.', check: checks.orderReference },
    reportedOn: { type: 'string', doc: 'Day of the report, YYYY-MM-DD.', check: checks.date },
    confirmedOn: {
      type: 'string',
      optional: true,
      doc: 'Day on which the NdB confirmed it, YYYY-MM-DD.',
      check: checks.date,
    },
    owner,
  },
  example: {
    domain: 'musterstadt.example',
    reference: 'NDB-2025-017',
    reportedOn: '2025-06-02',
    confirmedOn: '2025-06-20',
    owner: '15084490',
  },
  target: () => ({ kind: 'register' }),
  elements: ({ domain, reference, reportedOn, confirmedOn = '', owner }) => [
    { map: 'ndb_domains', key: [domain], value: [reference, reportedOn, confirmedOn], owner },
  ],
  fromElements: (key, live) => {
    const element = live.get('ndb_domains', [key.domain]);
    if (!element) return undefined;
    const [reference = '', reportedOn = '', confirmedOn] = element.value;
    return {
      ...key,
      reference,
      reportedOn,
      confirmedOn: confirmedOn || undefined,
      owner: element.owner ?? '',
    };
  },
  keyOf: ({ map, key: [domain = ''] }, ref) =>
    map === 'ndb_domains' && ref.kind === 'register' ? { domain } : undefined,
});

export class NdbDomain extends terraformClass(ndbDomain) {}
