import type { Observation } from './targets/dns/evidence.js';
import type { SpfCost } from './targets/dns/spf-cost.js';
import type { Tlsa } from './targets/dns/tlsa.js';
import type { MailServerAnswer } from './targets/smtp/probe.js';

/**
 * What is seen from the vantage point that the platform names: a place from which name servers and mail servers
 * look as they do to everybody. The engine runs there.
 */
export interface Vantage {
  /** As the platform file calls it; evidence bears it. */
  readonly name: string;
  /** Every record set of a mail domain that a cut-over rests on, from every server of its zone. */
  observe(domain: string): Promise<Observation[]>;
  /** What a mail server answers to these recipients, one answer an IPv4 address; empty: its name has none. */
  askMailServer(host: string, recipients: readonly string[]): Promise<MailServerAnswer[]>;
  /** IPv4 addresses of a mail host; empty: none is known. */
  addresses(host: string): Promise<string[]>;
  /** What receivers have to look up for the domain's SPF record, or for another in its place. */
  spfCost(domain: string, instead?: string): Promise<SpfCost>;
  /** TLSA records of a mail host. @throws DnsError where nobody says */
  tlsa(host: string): Promise<Tlsa[]>;
}
