import type { MxRecord, StageNumber } from '../config/municipality.js';

/** What every element carries. */
interface Owned {
  /** AGS of the municipality. */
  owner: string;
  order: string;
}

/** One end of the gateway → the other. `ingress` and `egress` are interface names. */
export interface DnatRule extends Owned {
  gateway: string;
  ingress: string;
  /** Destination before translation: the transfer address, or the relay's alias. */
  address: string;
  protocol: 'tcp';
  port: number;
  egress: string;
  toAddress: string;
  toPort: number;
}

export interface SnatRule extends Owned {
  gateway: string;
  ingress: string;
  egress: string;
  source: string;
  /** After destination translation. */
  destination: string;
  toAddress: string;
}

export interface FirewallOpening extends Owned {
  gateway: string;
  ingress: string;
  source: string;
  /** Before translation. */
  destination: string;
  protocol: 'tcp';
  port: number;
  /** YYYY-MM-DD; never closes by itself. */
  validUntil?: string;
}

/** A row of the Freischaltungsmatrix. German texts: people who are not engineers read it. */
export interface MatrixEntry extends Owned {
  /** AGS of the municipality. */
  municipality: string;
  /** Stable within the municipality, e.g. `10.64.0.10-10.128.0.1-tcp-25`. */
  entry: string;
  source: string;
  destination: string;
  service: string;
  /** `eingehend` (towards the municipality) or `ausgehend`. */
  direction: 'eingehend' | 'ausgehend';
  purpose: string;
  approval: string;
  validUntil?: string;
}

export interface MxRecordSet {
  domain: string;
  zone: string;
  /** DNS server of the platform file; `hoster` sets are instructed, never written. */
  writer: string;
  ttl: number;
  records: MxRecord[];
}

export interface SpfRecordSet {
  domain: string;
  zone: string;
  writer: string;
  ttl: number;
  value: string;
}

export interface RelayRoute {
  relay: string;
  domain: string;
  /** In order of preference. */
  nextHops: { address: string; port: number; tls: 'encrypt' | 'may' }[];
  /** Whether what the servers refuse is kept and tried again, as long as an edge settles. */
  softBounce: boolean;
  /** Bytes on the wire of the largest mail from inside (tenants, NdB, municipalities), where it is less than the programme's. */
  internalLimit?: number;
  /** The same from the Internet. */
  internetLimit?: number;
  owner: string;
}

export type AcceptanceClass = 'internal' | 'ndb' | 'internet';

export interface RelayAcceptance {
  relay: string;
  domain: string;
  class: AcceptanceClass;
  /** Whether senders of the class are sent here (tenants' routing, Mailertabelle); false for what is only kept. */
  announced: boolean;
  owner: string;
}

export interface RelayClient {
  relay: string;
  /** Client address as the relay sees it: the transfer address. */
  address: string;
  /** Permitted sender domains, sorted; `<>` is always permitted. */
  senderDomains: string[];
  /** What other senders get: 4xx as long as an edge settles, then 5xx. */
  foreignSenders: 'defer' | 'refuse';
  owner: string;
}

export interface NdbDomain {
  domain: string;
  reference: string;
  reportedOn: string;
  confirmedOn?: string;
  owner: string;
}

/** Where a domain's MX points, and where it comes from if that is a move. Lists are texts with blanks between. */
export interface MxMove {
  domain: string;
  towards: 'relay' | 'municipality';
  relay: string;
  /** Hosts of the MX as it is declared. */
  to: string;
  /** Hosts of the other side. */
  from: string;
  /** Seconds that the MX may have on its servers before it moves to the relay. */
  loweredTtl: number;
  /** Seconds, from the municipality's file. */
  mxTtl: number;
  /** Seconds, from the municipality's file; 0 where it has no SPF. */
  spfTtl: number;
  /** Mechanisms that stand for the relay. */
  spf: string;
  /** The SPF record that the deploy writes; empty where it writes none. */
  spfWritten: string;
  /** Digest of what a test must have tested to count (test-digest.ts); empty where the MX stays or goes back. */
  tested: string;
}

export interface Gate {
  municipality: string;
  owner: string;
  stage: StageNumber;
  /** Facts that the edge into `stage` rests on, by their place in the file; null = missing, which refuses the edge forwards. Sorted keys. */
  evidence: Record<string, string | null>;
  /** Ids (`<type>:<key>`) of every element that this desired state declares, sorted. */
  declares: string[];
  /** Ids that only `kept` declares, since when and at least until when. Sorted by id. */
  holds: { id: string; since: string; until: string }[];
  /** Last day of the approval, YYYY-MM-DD. */
  validUntil?: string;
  /** Where the MX of each domain points. In the order of the record sets. */
  moves: MxMove[];
  /** Digest of what a connection test must have tested to count (test-digest.ts), where anything is routed. */
  tested?: string;
  /** Decision to let an MX go back to a server that was not seen to take mail: day and reference, with a blank between. */
  wayBackDespite?: string;
  /** Domains that nothing routes, at the relay where an earlier route may have left its lock. Sorted by domain. */
  unrouted?: { relay: string; domain: string }[];
  /** Where nothing of stage 3 is kept any more: domains of which the NdB confirmed that they are withdrawn, with the day. */
  withdrawn?: Record<string, string>;
}

/** Everything that one municipality's stage and `kept` ask for, each list sorted by key. */
export interface DesiredState {
  /** Id of the municipality (file name). */
  municipality: string;
  owner: string;
  stage: StageNumber;
  dnatRules: DnatRule[];
  snatRules: SnatRule[];
  openings: FirewallOpening[];
  matrix: MatrixEntry[];
  mxRecordSets: MxRecordSet[];
  spfRecordSets: SpfRecordSet[];
  relayRoutes: RelayRoute[];
  relayAcceptances: RelayAcceptance[];
  relayClients: RelayClient[];
  ndbDomains: NdbDomain[];
  gate: Gate;
}
