/**
 * What a far end holds: a key and a value in a named map, with who put it there. An nftables element, a line
 * of a Postfix map and a row of the register are all of this shape, which is why one piece of code creates,
 * compares, updates and deletes all of them.
 */
export interface Element {
  /**
   * Map, set or table at the far end. With [key] → [value]; what is in `{}` repeats:
   * - gateway: `dnat` [ingress, address, protocol, port] → [toAddress, toPort], `dnat_link` [the same] → [egress],
   *   `snat` [ingress, egress, source, destination] → [toAddress], `allow` [ingress, source, destination, protocol, port] → []
   * - gateway-base: `base` [gateway] → [landesnetzLink], `links` [link] → [mark]
   * - relay: `transport` [domain] → [{nextHop=tls}], e.g. `[10.128.0.1]:25=encrypt`, the TLS policy with it because two
   *   domains may share a next hop, before them `settling` where nothing bounces, `internal=52428800` and
   *   `internet=26214400` (bytes) where less is taken than by the listeners; `accept_internal`, `accept_ndb`,
   *   `accept_internet` [domain] → [`OK`] (announced) or [`permit`] (only kept); `clients` [address] → [`defer` or
   *   `refuse` (other senders), {domain}] sorted
   * - relay-base: `base` [relay] → [], `transport` as above
   * - register: `matrix` [municipality, entry], `ndb_domains`, `hoster_mx` [domain], `stages`, `declares`, `holds` [municipality], any value;
   *   `tests` [municipality, kind] → [passedAt (RFC 3339), digest of what was tested];
   *   `overrides` [municipality, day, reference] → [when it was used];
   *   `queues` [domain] → [recipients deferred, when];
   *   `silence` [municipality, id] → [mark, since, seenAt];
   *   `observations` [domain, type, server] → [`aa`, data, TTL, since, seenAt, vantage point, data before, when it is gone, declared TTL,
   *   when these data were first seen]
   */
  map: string;
  /** Key parts in canonical form. */
  key: readonly string[];
  /** Value parts in canonical form; empty for a set. */
  value: readonly string[];
  /** AGS of the municipality, or `platform`; undefined for an element somebody wrote by hand. */
  owner?: string;
  /** Random, new with each creation: a delete removes only the instance it created (FACTS-provider). */
  instance?: string;
  /** Order reference. */
  order?: string;
}

/** Identity of an element on its far end. */
export type ElementKey = Pick<Element, 'map' | 'key'>;

/** All or nothing: `expect` is compared with what is live, under the far end's lock, before anything is written. */
export interface Transaction {
  expect: { at: ElementKey; /** undefined: nothing is there. */ found: Element | undefined }[];
  put: Element[];
  remove: ElementKey[];
}

/** A far end that holds elements. Absent is an answer; unreachable is an {@link UnreachableError}. */
export interface Target {
  /** For messages: `gateway gw1 (mv-gateway@10.64.0.1)`. */
  readonly title: string;
  /** Everything that is live, read once a process and refresh. */
  list(): Promise<Element[]>;
  /** @throws ConflictError when something expected is not so; nothing was written then. */
  apply(transaction: Transaction): Promise<void>;
}

/** What a resource is stored on. */
export type TargetRef =
  { kind: 'gateway' | 'gateway-base' | 'relay' | 'relay-base'; name: string } | { kind: 'register' };

/** Gives the target by its reference; one session each, opened when first needed. */
export type Targets = (ref: TargetRef) => Target;

/** The far end is not as the plan saw it. */
export class ConflictError extends Error {
  override name = 'ConflictError';
  constructor(
    readonly at: ElementKey,
    readonly expected: Element | undefined,
    readonly found: Element | undefined,
    message: string,
  ) {
    super(message);
  }
}

/** The far end cannot be asked: nothing is known about what it holds, so nothing may be concluded. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
}

/** The far end understood and said no (forced command's grammar, base missing, lock held too long, disk full). */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** A relay whose settings would lose mail, so that nothing is begun there. */
export class OtherSettingsError extends RefusedError {
  override name = 'OtherSettingsError';
}

/** Key as one string, for ids and look-ups. No key part contains a slash. */
export const keyId = (key: readonly string[]): string => key.join('/');
