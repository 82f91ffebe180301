import { parseDocument, type Document } from 'yaml';
import type { StageNumber } from '../config/municipality.js';

/** Seconds; a rehearsal waits for them, so no record of it lives longer. */
const longestTtl = 5;

interface DomainFile {
  name: string;
  mx: { ttl?: number };
  spf?: { ttl?: number };
  ndb?: Record<string, unknown>;
}

const domainsOf = (document: Document): DomainFile[] =>
  (document.toJS() as { domains: DomainFile[] }).domains;

/** A municipality's file as it was before its migration began, with times that a person can wait for. */
export function atTheBeginning(text: string): string {
  const document = parseDocument(text);
  document.set('stage', 0);
  document.delete('kept');
  // What the rehearsal tests itself is written when it has tested it.
  document.delete('connectionTestPassedOn');
  document.delete('outgoingTestPassedOn');
  document.delete('settling');
  // An approval that has run out in the meantime would refuse every edge forwards.
  document.deleteIn(['order', 'validUntil']);
  domainsOf(document).forEach(({ mx, spf }, index) => {
    // A domain that joined or leaves by itself goes with its municipality here, from the beginning to the end.
    for (const own of ['stage', 'connectionTestPassedOn', 'outgoingTestPassedOn'])
      document.deleteIn(['domains', index, own]);
    if ((mx.ttl ?? Infinity) > longestTtl) document.setIn(['domains', index, 'mx', 'ttl'], longestTtl);
    if (spf) document.setIn(['domains', index, 'spf', 'ttl'], longestTtl);
  });
  return document.toString({ lineWidth: 0 });
}

/** Who states the facts that the edge into a stage rests on; what stands in the file already stays. */
export function withEvidence(text: string, stage: StageNumber, today: string): string {
  const document = parseDocument(text);
  const state = (path: (string | number)[], value: string): void => {
    if (document.getIn(path) === undefined) document.setIn(path, document.createNode(value));
  };
  // The ministry approves; the NdB answers the report of each domain; tests passed.
  if (stage === 1) state(['order', 'approvedOn'], today);
  if (stage === 2) state(['connectionTestPassedOn'], today);
  if (stage === 4) state(['forwarding'], 'none');
  if (stage >= 3) {
    domainsOf(document).forEach((_, index) => {
      state(['domains', index, 'ndb', 'reference'], `NDB-REHEARSAL-${index + 1}`);
      state(['domains', index, 'ndb', 'reportedOn'], today);
      if (stage === 4) state(['domains', index, 'ndb', 'confirmedOn'], today);
    });
  }
  return document.toString({ lineWidth: 0 });
}

/** The outgoing path carried a real mail: the last fact before the MX moves. */
export function withOutgoingTest(text: string, today: string): string {
  const document = parseDocument(text);
  document.set('outgoingTestPassedOn', today);
  return document.toString({ lineWidth: 0 });
}

/** The NdB confirmed that the domains are withdrawn: the last fact before what was kept of its stage goes. */
export function withWithdrawal(text: string, today: string): string {
  const document = parseDocument(text);
  domainsOf(document).forEach((_, index) => {
    document.setIn(['domains', index, 'ndb', 'withdrawnOn'], today);
  });
  return document.toString({ lineWidth: 0 });
}
