import type { Diagnostic } from './definition.js';

/**
 * What a program serves to the engine, in plain values: the protocol knows no resource, and whoever
 * implements this knows no protocol. `landesnetz` derives it from its definitions, the drop-in `dns` writes it
 * by hand.
 */
export interface ServedProvider {
  schema: BlockSchema;
  /** Called once a process before any resource is read or planned with a far end. Values may be {@link unknown}. */
  configure(config: ValueObject): Promise<Diagnostic[]> | Diagnostic[];
  resources: Record<string, ServedResource>;
  dataSources: Record<string, ServedDataSource>;
  /** The engine is done or was interrupted: sessions end. */
  close?(): Promise<void>;
}

export interface ServedResource {
  schema: BlockSchema;
  /** Offline: the configuration as written, values may be {@link unknown}. @default nothing to say */
  validate?(config: ValueObject): Diagnostic[];
  /** Raw state as an earlier build stored it. Called at every read of state. @default as it is */
  upgrade?(state: Record<string, unknown>, version: number): Record<string, unknown>;
  /** `state: null`: gone. With an error diagnostic the engine keeps the state it has. */
  read(state: ValueObject): Promise<StateAnswer>;
  plan(request: PlanRequest): Promise<PlanAnswer>;
  /** What was done even if it failed half-way: `state` is stored beside error diagnostics too. */
  apply(request: ApplyRequest): Promise<StateAnswer>;
  /** State as {@link read} can complete it; the engine calls read next. */
  import(id: string): Promise<StateAnswer>;
}

export interface ServedDataSource {
  schema: BlockSchema;
  validate?(config: ValueObject): Diagnostic[];
  read(config: ValueObject): Promise<StateAnswer>;
}

export interface PlanRequest {
  /** null: a create. */
  prior: ValueObject | null;
  /** The engine's merge of configuration and prior state: computed attributes keep their prior value, or null in a create. null: a destroy. */
  proposed: ValueObject | null;
  /** As written; null in a destroy. */
  config: ValueObject | null;
}

export interface PlanAnswer {
  /** null exactly when `proposed` is. What only the apply can know is {@link unknown}. */
  planned: ValueObject | null;
  /** Attributes whose change makes a new object. */
  replace?: string[];
  diagnostics: Diagnostic[];
}

export interface ApplyRequest {
  /** null: a create. */
  prior: ValueObject | null;
  /** null: a destroy. */
  planned: ValueObject | null;
  config: ValueObject | null;
}

export interface StateAnswer {
  /** null: there is no such object (any more). */
  state: ValueObject | null;
  diagnostics: Diagnostic[];
}

/** A value that the engine does not know yet. */
export const unknown: unique symbol = Symbol('unknown');
export type Unknown = typeof unknown;

/**
 * A value of the engine: null if unset, lists and sets as arrays (a set's order means nothing), maps and
 * objects as plain objects. Blocks are lists or sets of objects, never null.
 */
export type Value = null | string | number | boolean | Unknown | Value[] | ValueObject;
export interface ValueObject {
  [name: string]: Value;
}

/** The schema in the shape and with the names in which `tofu providers schema -json` prints it. */
export interface BlockSchema {
  description?: string;
  attributes?: Record<string, AttributeSchema>;
  block_types?: Record<string, NestedBlockSchema>;
}

export interface NestedBlockSchema {
  nesting_mode: 'single' | 'list' | 'set';
  block: BlockSchema;
  min_items?: number;
  max_items?: number;
}

/** An attribute has either a `type` or a `nested_type`. */
export interface AttributeSchema {
  type?: ValueType;
  nested_type?: {
    nesting_mode: 'single' | 'list' | 'set' | 'map';
    attributes: Record<string, AttributeSchema>;
  };
  description?: string;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
}

/** A type as the engine writes it in JSON. */
export type ValueType =
  | 'string'
  | 'number'
  | 'bool'
  | readonly ['list' | 'set' | 'map', ValueType]
  | readonly ['object', { readonly [name: string]: ValueType }];
