import type { Decision } from './decision.js';

/** An SSH endpoint whose users have a forced command each (templates/). */
export interface SshEndpoint {
  host: string;
  /** @default 22 */
  port: number;
  /** The user for municipalities' elements. */
  user: string;
  /** The user for the platform's own base; another key, another forced command. */
  platformUser: string;
  /** One OpenSSH public host key (`ssh-ed25519 AAAA…`). Absent only in the committed rehearsal file: every rehearsal makes its own. */
  hostKey?: string;
}

export interface Gateway {
  name: string;
  /** It is out of order: an MX may go back without an answer of it. */
  outage?: Decision;
  /** Interface towards the Landesnetz. */
  landesnetzLink: string;
  /** Customer links: interface name and the mark that stands for it in routing and conntrack. */
  links: { name: string; mark: number }[];
  ssh: SshEndpoint;
}

/** One machine; its maps are written there only. */
export interface Relay {
  name: string;
  /** It is out of order: an MX may go back without an answer of it. */
  outage?: Decision;
  /** Mail exchanger names that a migrated domain's MX lists, all of this machine. */
  mx: { ttl: number; records: { preference: number; host: string }[] };
  /** Mechanism(s) that stand for the relay in SPF, e.g. `ip4:203.0.113.10`. */
  spf: string[];
  addresses: {
    /** Source of its connections towards municipalities. */
    outgoing: string;
    /** Listener for municipalities' outgoing mail. */
    customers: string;
    internal: string;
    ndb: string;
    internet: string;
  };
  ssh: SshEndpoint & {
    /** The user for the connection test; a forced command of its own. */
    probeUser: string;
  };
  /** A domain that nobody sends from, whose SPF and DMARC say reject. The connection test sends a mail under it. */
  rejectedSender?: string;
  /** A functional mailbox on the Internet that takes `+` addresses; replies of the connection test go there. */
  outsideMailbox?: string;
}

/** A primary that takes RFC 2136 updates. The TSIG secret is never in a file of the project. */
export interface DnsServer {
  name: string;
  host: string;
  port: number;
  keyAlgorithm: string;
  /** Every server that must show a record before it counts as seen: `host` or `host:port`. */
  authoritative: string[];
}

export interface Tenant {
  name: string;
  domains: string[];
  /** Next hop from the relay, `[address]:port`. */
  nextHop: string;
}

export interface VantagePoint {
  /** As evidence names it. */
  name: string;
  /** `host` or `host:port`. @default the machine's own */
  resolver?: string;
}

export interface Platform {
  name: string;
  /** Seconds that a sender, and the relay, keeps a mail in its queue (Postfix: 5 days; less than one: a laboratory). */
  senderQueueLifetime: number;
  /** Seconds; TTL of a municipality's MX from stage 3 on. */
  loweredMxTtl: number;
  /** Seconds until every NdB partner has the withdrawn or new table. */
  ndbDistribution: number;
  /** Seconds for which a passed test (Anbindungstest, outgoing mail) counts before the MX moves. */
  testValidity: number;
  /** Recipients in the relay's queue for one domain, above which no stage forwards begins. */
  queueLimit: number;
  /** Seconds after every edge forwards in which the relay keeps what a municipality's servers refuse. */
  settlingTime: number;
  /**
   * Seconds without a mail, before a municipality's permission to send goes, or the acceptance of its mail from
   * tenants or NdB partners.
   */
  silenceTime: number;
  /** CIDR ranges from which transfer addresses are given. */
  transferPool: string[];
  gateways: Gateway[];
  relays: Relay[];
  dnsServers: DnsServer[];
  tenants: Tenant[];
  /** NdB partners: routed at the relay like tenants. */
  ndbPartners: Tenant[];
  /**
   * Where engine and commands run, and from where zones and mail servers are looked at as they look to everybody.
   * @default named `engine`
   */
  vantagePoint?: VantagePoint;
  /** Host of the register (matrix rows, NdB reports, stages reached, observations). */
  register: { ssh: SshEndpoint };
}
