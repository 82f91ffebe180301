import type { ITerraformDependable, TerraformMetaArguments } from 'cdktf';

/** Where in an edge a construct's resources stand. */
export interface InOrder {
  /** The check of the edge, which everything depends on. */
  readonly gate: ITerraformDependable;
  /**
   * What is there before these resources, and goes only after them.
   * @default nothing but the gate
   */
  readonly after?: readonly ITerraformDependable[];
}

type Meta = Required<Pick<TerraformMetaArguments, 'dependsOn' | 'lifecycle'>>;

/**
 * An element of the desired state as the configuration of its resource. `createBeforeDestroy` is what makes the
 * order hold on the way back too: without it the engine destroys what disappears before it updates what
 * depended on it, and would take the route away before the MX moves.
 */
export const declared = <T extends object>(element: T, { gate, after = [] }: InOrder): T & Meta => ({
  ...literal(element),
  dependsOn: [gate, ...after],
  lifecycle: { createBeforeDestroy: true },
});

/**
 * Construct id of a resource: its kind and its key, never a place in a list. A contract with the state: under
 * another id the engine creates the resource anew and takes the old one away.
 */
export const keyed = (kind: string, key: readonly (string | number)[]): string =>
  [kind, ...key].join('_').replace(/[.:]/g, '_');

/** Texts as they are: the engine reads every string as a template, and SPF has macros like `%{i}`. */
export function literal<T>(value: T): T;
export function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/([$%])\{/g, '$1$1{');
  if (Array.isArray(value)) return (value as unknown[]).map((item) => literal(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [literal(key), literal(item)]));
}
