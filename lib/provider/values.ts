import type { Attribute, Attributes, ResourceDefinition, Settled } from './definition.js';
import { snakeCase } from './names.js';
import { type AttributeSchema, type BlockSchema, unknown, type Value, type ValueObject } from './served.js';

// Between a definition's words (camelCase, undefined) and the engine's (snake_case, null, unknown).

/** Added to every resource: what the engine calls it, and which of its creations it is. */
const added: Record<'id' | 'instance', AttributeSchema> = {
  id: {
    type: 'string',
    computed: true,
    description: 'Key attributes joined by `/`; also the id to import by.',
  },
  instance: {
    type: 'string',
    computed: true,
    description: 'Random number of this creation; only the element that bears it is ever deleted.',
  },
};

export function schemaOf({ doc, attributes }: ResourceDefinition): BlockSchema {
  const own = Object.entries(attributes).map(([name, attribute]): [string, AttributeSchema] => [
    snakeCase(name),
    attributeSchema(attribute),
  ]);
  return { description: doc, attributes: { ...Object.fromEntries(own), ...added } };
}

function attributeSchema({ type, optional, computed, doc }: Attribute): AttributeSchema {
  const schema: AttributeSchema = {
    description: doc,
    ...(computed ? { computed } : optional ? { optional } : { required: true }),
  };
  if (typeof type === 'string') return { ...schema, type };
  if ('objects' in type) {
    const members = Object.entries(type.objects).map(([name, of]): [string, AttributeSchema] => [
      snakeCase(name),
      { type: of, required: true },
    ]);
    return { ...schema, nested_type: { nesting_mode: 'list', attributes: Object.fromEntries(members) } };
  }
  return {
    ...schema,
    type: 'list' in type ? ['list', 'string'] : 'set' in type ? ['set', 'string'] : ['map', 'string'],
  };
}

type Plain = NonNullable<Settled<Attributes>[string]>;

/** undefined: something in it is not known yet. */
export function settledOf(
  definition: ResourceDefinition,
  value: ValueObject,
): Settled<Attributes> | undefined {
  const settled: Record<string, Plain> = {};
  for (const [name, attribute] of Object.entries(definition.attributes)) {
    const engineValue = value[snakeCase(name)] ?? null;
    // What the provider computes is its own; unknown there means only that it will do so.
    if (attribute.computed && engineValue === unknown) continue;
    if (!isKnown(engineValue)) return undefined;
    const plain = plainOf(attribute, engineValue);
    if (plain !== undefined) settled[name] = plain;
  }
  return settled;
}

export const isKnown = (value: Value): boolean =>
  value !== unknown &&
  (value === null || typeof value !== 'object' || Object.values(value).every((item: Value) => isKnown(item)));

/** undefined: unset. */
export function plainOf({ type }: Attribute, value: Value): Plain | undefined {
  if (value === null || value === unknown) return undefined;
  if (typeof value !== 'object') return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, textOf(v)]));
  if (typeof type !== 'object' || !('objects' in type)) return value.map(textOf);
  const members = Object.entries(type.objects);
  return value.map((item) =>
    Object.fromEntries(members.map(([name, of]) => [name, memberOf(item, name, of)])),
  );
}

function memberOf(item: Value, name: string, of: 'string' | 'number'): string | number {
  const value = isObject(item) ? item[snakeCase(name)] : undefined;
  return of === 'number' ? Number(value) : textOf(value);
}

/** A scalar as text; anything else is none. */
export const textOf = (value: Value | undefined): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

const isObject = (value: Value): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every attribute of the definition, null where unset. */
export function valueOf(definition: ResourceDefinition, settled: Settled<Attributes>): ValueObject {
  const entries = Object.keys(definition.attributes).map((name): [string, Value] => [
    snakeCase(name),
    engineValue(settled[name]),
  ]);
  return Object.fromEntries(entries);
}

function engineValue(plain: Plain | undefined): Value {
  if (plain === undefined) return null;
  if (typeof plain !== 'object') return plain;
  if (!isList(plain)) return { ...plain };
  return plain.map((item) =>
    typeof item === 'string'
      ? item
      : Object.fromEntries(Object.entries(item).map(([name, member]) => [snakeCase(name), member])),
  );
}

/** Array.isArray does not narrow readonly arrays. */
const isList = (plain: object): plain is readonly (string | Record<string, string | number>)[] =>
  Array.isArray(plain);

const keyNames = ({ attributes }: ResourceDefinition): [string, Attribute][] =>
  Object.entries(attributes).filter(([, { key }]) => key);

/** Key attributes joined by `/`, in the order of the definition. */
export const idOf = (definition: ResourceDefinition, key: Settled<Attributes>): string =>
  keyNames(definition)
    .map(([name]) => textOf(engineValue(key[name])))
    .join('/');

/** The id as the gate and messages name it, across all types. */
export const declaredId = (definition: ResourceDefinition, key: Settled<Attributes>): string =>
  `${definition.type}:${idOf(definition, key)}`;

/** Back from an id; a sentence if it is none. */
export function keyOfId(definition: ResourceDefinition, id: string): Settled<Attributes> | string {
  const names = keyNames(definition);
  const form = names.map(([name]) => snakeCase(name)).join('/');
  const parts = id.split('/');
  if (parts.length !== names.length) return `An id has the form ${form}; ${id} has ${parts.length} parts.`;
  const key: Record<string, Plain> = {};
  for (const [i, [name, attribute]] of names.entries()) {
    const part = parts[i] ?? '';
    const value = attribute.type === 'number' ? Number(part) : part;
    const wrong = complaint(attribute, value);
    if (wrong !== undefined) return `An id has the form ${form}; ${snakeCase(name)} is ${part}: ${wrong}.`;
    key[name] = value;
  }
  return key;
}

/** What the attribute's own check says. */
export const complaint = ({ check }: Attribute, value: Plain): string | undefined => check?.(value as never);

/** Names, in the engine's form, of key attributes that differ. */
export const changedKeys = (definition: ResourceDefinition, a: ValueObject, b: ValueObject): string[] =>
  keyNames(definition)
    .map(([name]) => snakeCase(name))
    .filter((name) => a[name] !== b[name]);

/** Whether what a user configures differs. A set's order means nothing. */
export const isChanged = (definition: ResourceDefinition, a: ValueObject, b: ValueObject): boolean =>
  Object.entries(definition.attributes).some(([name, { type, computed }]) => {
    if (computed) return false;
    const isSet = typeof type === 'object' && 'set' in type;
    return canonical(a[snakeCase(name)] ?? null, isSet) !== canonical(b[snakeCase(name)] ?? null, isSet);
  });

/** Equal text for equal values, whatever the order of members. */
function canonical(value: Value, isSet = false): string {
  if (value === unknown) return 'unknown';
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    return `[${(isSet ? items.sort() : items).join(',')}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`)
    .join(',')}}`;
}
