import type { Element, TargetRef, Targets } from './element.js';
import type { ProviderConfig } from './provider-config.js';
import type { Vantage } from './vantage.js';

/** A resource's attribute. Names are camelCase here and snake_case in the engine. */
export interface Attribute {
  type:
    | 'string'
    | 'number'
    | 'bool'
    | { list: 'string' }
    | { set: 'string' }
    | { map: 'string' }
    | { objects: Record<string, 'string' | 'number'> };
  /** Part of the key: its order here is its order in the id; a change replaces. Always required. */
  key?: true;
  optional?: true;
  /** Set by the provider. */
  computed?: true;
  /** One sentence with unit and source; becomes the documentation. */
  doc: string;
  /** Says what is wrong with a known value, or nothing. Never rewrites: the engine compares (FACTS-provider). */
  check?: (value: never) => string | undefined;
}

export type Attributes = Record<string, Attribute>;

type Scalar<T> = T extends 'string'
  ? string
  : T extends 'number'
    ? number
    : T extends 'bool'
      ? boolean
      : never;
type ValueOf<T> = T extends { list: 'string' } | { set: 'string' }
  ? readonly string[]
  : T extends { map: 'string' }
    ? Readonly<Record<string, string>>
    : T extends { objects: infer O }
      ? readonly { readonly [K in keyof O]: Scalar<O[K]> }[]
      : Scalar<T>;

/** What a user configures: required attributes, and the optional ones with `undefined`. */
export type Config<A extends Attributes> = {
  readonly [K in keyof A as A[K] extends { optional: true } | { computed: true } ? never : K]: ValueOf<
    A[K]['type']
  >;
} & {
  readonly [K in keyof A as A[K] extends { optional: true } ? K : never]?: ValueOf<A[K]['type']> | undefined;
};

/** What the provider sets; absent until it has. */
export type Computed<A extends Attributes> = {
  readonly [K in keyof A as A[K] extends { computed: true } ? K : never]?: ValueOf<A[K]['type']> | undefined;
};

/** Configuration with what the provider computed. */
export type Settled<A extends Attributes> = Config<A> & Computed<A>;

/** What is known of a resource by its id alone. */
export type Key<A extends Attributes> = {
  readonly [K in keyof A as A[K] extends { key: true } ? K : never]: ValueOf<A[K]['type']>;
};

/** Configuration with what the provider computed (`id`, `instance` are added to every resource). */
export type State<A extends Attributes> = Settled<A> & { readonly id: string; readonly instance: string };

/** What resources may ask and write besides their own target. */
export interface FarEnds {
  targets: Targets;
  provider: ProviderConfig;
  /** Mails in the relay's queue for a domain. */
  queue(relay: string, domain: string): Promise<number>;
  /** How many of them were tried in vain at least once. */
  deferred(relay: string, domain: string): Promise<number>;
  /** How many mails wait behind the lock that a domain's route has left; undefined: there is none. */
  behindLock(relay: string, domain: string): Promise<number | undefined>;
  /** Asks the relay to try waiting mail for a domain now, and again once it has forgotten old routes. */
  flush(relay: string, domain: string): Promise<void>;
  /** New connections that an opening (`firewall_opening:…`) has let through since it was written; 0 if it is absent. */
  connections(opening: string): Promise<Connections>;
  /** The last mail for a domain, or the last try, that a relay's listener has in its log. */
  lastMail(relay: string, listener: string, domain: string): Promise<LastMail>;
  /** Authoritative servers by which a domain's mail may still go to one of the hosts, each with the reason. */
  mayPointAt(domain: string, hosts: readonly string[]): Promise<string[]>;
  vantage: Vantage;
  now(): Date;
}

/** What a gateway has counted. */
export interface Connections {
  count: number;
  /** Another one after each beginning at 0: of the machine, of its ruleset, of the opening. */
  countedFrom: string;
}

/** What a relay's log says of a way by which mail comes. */
export interface LastMail {
  /** Of the mail or the try; `-`: none. */
  id: string;
  /** From when on the log has everything, RFC 3339 UTC. */
  logSince: string;
}

export interface PlanContext<A extends Attributes> {
  /** undefined: a create is planned. */
  prior: State<A> | undefined;
  /** undefined: a destroy is planned. */
  proposed: Settled<A> | undefined;
  farEnds: FarEnds;
}

/** Something that ends by itself, if one waits. */
export interface Wait {
  /** Where, and what is seen there, in few words. */
  what: string;
  /** Not before then, RFC 3339 UTC. undefined: nobody can say. */
  until?: string | undefined;
}

/** One attribute-bound complaint. `rule` stands in brackets behind the summary and decides the exit code. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  summary: string;
  detail: string;
  /** Name in the engine's form (snake_case), or the path to it: names and list indices. */
  attribute?: string | readonly (string | number)[];
  rule: string;
  /** What the refusal ends with. undefined: time alone does not heal it. */
  waits?: readonly Wait[];
}

/** The elements of one far end at one moment. */
export interface LiveElements {
  all: readonly Element[];
  get(map: string, key: readonly string[]): Element | undefined;
}

/**
 * A resource, defined once. From this come the schema the provider serves, the typed CDKTF class, the checks
 * and the documentation; the reading, creating, comparing, updating and deleting of its elements is the same
 * for all (lib/provider/lifecycle.ts).
 */
export interface ResourceDefinition<A extends Attributes = Attributes> {
  /** Without the provider's prefix: `dnat_rule`. */
  type: string;
  /** First sentence: what it is; then what a reader must know before using it. */
  doc: string;
  attributes: A;
  /** For the documentation; the tests take it through a whole life. */
  example: Config<A>;
  /** Where its elements live. @default nowhere: the resource lives in the engine's state alone */
  target?(key: Key<A>): TargetRef;
  /** Its elements, the first being the one that carries its id. */
  elements(state: Settled<A>): Omit<Element, 'instance'>[];
  /** Back from what is live; undefined: absent. What a person wrote by hand there may be any text. */
  fromElements(key: Key<A>, live: LiveElements): Settled<A> | undefined;
  /** Key attributes of a live element that carries a resource's id, found on that target. */
  keyOf?(element: Element, ref: TargetRef): Key<A> | undefined;
  /** Values of the computed attributes, made anew at every create and update. */
  compute?(context: PlanContext<A> & { proposed: Config<A> }): Promise<Computed<A>>;
  /** Further refusals and warnings, while planning and again immediately before writing; asked for destroys too. */
  check?(context: PlanContext<A>): Promise<Diagnostic[]>;
  /** What else is done at every create and update, after {@link check} and before anything is written. */
  applying?(context: PlanContext<A> & { proposed: Config<A> }): Promise<unknown>;
  /** What has to follow a write, with warnings: it is written whatever comes of this. */
  written?(context: PlanContext<A> & { proposed: Settled<A> }): Promise<Diagnostic[]>;
  /** True: update although no attribute changes. */
  outdated?(context: PlanContext<A> & { proposed: Config<A> }): Promise<boolean>;
}

/** Keeps the literal types of the attributes. */
export const defineResource = <const A extends Attributes>(
  definition: ResourceDefinition<A>,
): ResourceDefinition<A> => definition;
