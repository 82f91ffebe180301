/** `provider "landesnetz"` as configured: where the far ends are. Secrets stay in SSH's agent and files. */
export interface ProviderConfig {
  gateways: NamedEndpoint[];
  relays: RelayEndpoint[];
  register: Endpoint | undefined;
  /** Authoritative servers, `host` or `host:port`, that are asked for a domain's MX before a relay lets go of it. */
  observers: string[];
  vantagePoint: VantagePoint;
  limits: CutoverLimits;
}

/** What a cut-over is measured by. */
export interface CutoverLimits {
  /** Seconds for which a passed test counts. */
  testValidity: number;
  /** Recipients in the relay's queue for one domain, above which no edge forwards begins. */
  queueLimit: number;
  /** Seconds for which a sender, and the relay, keeps a mail that it cannot deliver. */
  senderQueueLifetime: number;
  /** Seconds without a mail, before the way by which it would come may go. */
  silenceTime: number;
}

export const usualLimits: CutoverLimits = {
  testValidity: 7 * 86_400,
  queueLimit: 100,
  senderQueueLifetime: 5 * 86_400,
  silenceTime: 3 * 86_400,
};

/** The place from which zones and mail servers are looked at, as they look to everybody; the engine runs there. */
export interface VantagePoint {
  name: string;
  /** `host` or `host:port`. @default the first resolver of the machine */
  resolver: string | undefined;
}

export const unnamedVantagePoint: VantagePoint = { name: 'engine', resolver: undefined };

/** An SSH endpoint with a forced command for each of its users. */
export interface Endpoint {
  host: string;
  /** @default 22 */
  port: number;
  /** Holds the municipalities' elements. */
  user: string;
  /** Holds the platform's base; only the platform's stack needs it. */
  platformUser: string | undefined;
  /** OpenSSH public host key, `ssh-ed25519 AAAA…`. */
  hostKey: string;
}

export interface NamedEndpoint extends Endpoint {
  name: string;
  /** Decision that it need not answer: day and reference, a blank between. It counts on its day and the next. */
  outage?: string | undefined;
}

export interface RelayEndpoint extends NamedEndpoint {
  /** Names of this relay in a migrated domain's MX. */
  mxHosts: string[];
}
