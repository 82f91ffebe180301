import type { Decision } from './decision.js';

/** How much of its mail a municipality routes through Dataport (DOMAIN: vollständig, teilweise). */
export type Routing = 'vollstaendig' | 'teilweise';
export type StageNumber = 0 | 1 | 2 | 3 | 4;

/** A municipality's mail server (Kundenmailserver) behind its transfer address. */
export interface MailServer {
  /** IPv4 address in the municipality's own network; may equal another municipality's. */
  inside: string;
  /** Landesnetz IPv4 address behind which `inside` is hidden; unique in the programme. */
  transfer: string;
  /** TCP ports on which it takes mail from the relay, ascending. @default [25] */
  ports: number[];
  /** YYYY-MM-DD; added while mail flowed: it can be reached, and gets mail only with `testedOn`. */
  joinedOn?: string;
  /** Passed connection test of a server that joined, YYYY-MM-DD. */
  testedOn?: string;
}

export interface MxRecord {
  preference: number;
  /** Without trailing dot, lower case. */
  host: string;
}

export interface Domain {
  /** Lower case, no trailing dot; IDN in its A-label (xn--) form. */
  name: string;
  /** The DNS zone that holds it, same form. @default the domain itself */
  zone: string;
  /** Who can write the zone: the name of a DNS server in the platform file (RFC 2136), or `hoster`. */
  writer: string;
  /** The record set as it is before the migration; also the way back. */
  mx: { ttl: number; records: MxRecord[] };
  /** The SPF string before the migration (RFC 7208), if there is one, with its TTL. */
  spf?: { ttl: number; value: string };
  /** The NdB's answer to the report of this domain. */
  ndb?: { reference: string; reportedOn: string; confirmedOn?: string; withdrawnOn?: string };
  /**
   * How far a domain goes that joins or leaves while mail flows: no further than this, and no further than the
   * municipality. Absent: as far as the municipality. While it is there, the two tests below count for this domain
   * instead of the municipality's.
   */
  stage?: StageNumber;
  /** Connection test that was passed with this domain, YYYY-MM-DD; evidence for its edge 1→2. */
  connectionTestPassedOn?: string;
  /** A real mail of this domain went out over the relay, YYYY-MM-DD; then its MX moves. */
  outgoingTestPassedOn?: string;
}

/** What is held after going back, because someone may still use it (DESIGN: `kept`). Times are RFC 3339 UTC with seconds. */
export type Kept =
  /** What this stage brought; with `domain`, for that domain alone. */
  | { stage: 1 | 2 | 3 | 4; domain?: string; since: string; until: string }
  /** A mail server that was replaced at stage 2 or later. */
  | { server: MailServer; since: string; until: string };

/** The time after an edge forwards in which the relay keeps what the servers refuse. RFC 3339 UTC with seconds. */
export interface Settling {
  since: string;
  /** Earliest end; it ends by a deploy without the entry. */
  until: string;
}

/** One file in `municipalities/`, validated, with every default filled in. */
export interface Municipality {
  /** Its file's name without `.yaml`; stack name, state name. /^[a-z][a-z0-9-]{0,62}$/ */
  id: string;
  /** As people write it, with Umlauts. */
  name: string;
  /** Amtlicher Gemeindeschlüssel, 8 digits, a string. */
  ags: string;
  stage: StageNumber;
  /** @default vollstaendig */
  routing: Routing;
  /** Freischaltung: ordered (task 04), approved (task 06), expires. Dates are YYYY-MM-DD. */
  order: { reference: string; approvedOn?: string; validUntil?: string };
  /** Roles (Funktionen) or functional mailboxes, no persons. */
  contacts: { technical: string; organisational: string };
  /** Where its network meets the Landesnetz. */
  network: {
    /** A gateway of the platform file. @default the platform's only gateway */
    gateway: string;
    /** The customer link on that gateway (interface name). */
    link: string;
    /** Address of the municipality's own network under which its servers see the relay. */
    relayAlias: string;
  };
  /** A relay of the platform file. @default the platform's only relay */
  relay: string;
  servers: MailServer[];
  domains: Domain[];
  /** Limits that differ from the programme's, in MB (10^6 bytes, as DOMAIN's 100/35/13). */
  limits: { internalMb: number; internetMb: number };
  /** TLS from the relay to its servers: `encrypt` where agreed. @default encrypt */
  tls: 'encrypt' | 'may';
  /** Local part of the mailbox that was agreed for the connection test, at each of its domains. @default anbindungstest */
  testMailbox: string;
  /** Passed connection test (Anbindungstest, task 12), YYYY-MM-DD; evidence for edge 1→2. */
  connectionTestPassedOn?: string;
  /** Outgoing path tested by a real mail, YYYY-MM-DD; evidence for edge 3→4. */
  outgoingTestPassedOn?: string;
  /** Decision that the MX goes back although an old server was not seen to take mail; counts on its day and the next. */
  wayBackDespite?: Decision;
  /**
   * What the municipality answered about its users' automatic forwarding: domains of foreign senders under which
   * its servers send, sorted; empty for none. Evidence for edge 3→4.
   */
  forwarding?: string[];
  kept: Kept[];
  /** Written by an edge forwards into stage 2 or later. */
  settling?: Settling;
}
