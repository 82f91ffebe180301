import type { AttributeSchema, BlockSchema, NestedBlockSchema, ValueType } from '../served.js';
import { messageField, repeatedField, stringField, varintField, bytesField } from './wire.js';

// tfplugin6.Schema and the types that a schema implies.

const blockNesting = { single: 1, list: 2, set: 3 } as const;
const objectNesting = { single: 1, list: 2, set: 3, map: 4 } as const;

/** tfplugin6.Schema */
export const encodeSchema = (block: BlockSchema): Buffer => messageField(2, encodeBlock(block));

function encodeBlock(block: BlockSchema): Buffer {
  return Buffer.concat([
    repeatedField(2, Object.entries(block.attributes ?? {}).map(encodeAttribute)),
    repeatedField(3, Object.entries(block.block_types ?? {}).map(encodeNestedBlock)),
    stringField(4, block.description ?? ''),
  ]);
}

function encodeAttribute([name, attribute]: [string, AttributeSchema]): Buffer {
  const nested = attribute.nested_type;
  return Buffer.concat([
    stringField(1, name),
    bytesField(
      2,
      attribute.type === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(attribute.type)),
    ),
    stringField(3, attribute.description ?? ''),
    varintField(4, attribute.required ?? false),
    varintField(5, attribute.optional ?? false),
    varintField(6, attribute.computed ?? false),
    varintField(7, attribute.sensitive ?? false),
    messageField(
      10,
      nested &&
        Buffer.concat([
          repeatedField(1, Object.entries(nested.attributes).map(encodeAttribute)),
          varintField(3, objectNesting[nested.nesting_mode]),
        ]),
    ),
  ]);
}

function encodeNestedBlock([name, nested]: [string, NestedBlockSchema]): Buffer {
  return Buffer.concat([
    stringField(1, name),
    messageField(2, encodeBlock(nested.block)),
    varintField(3, blockNesting[nested.nesting_mode]),
    varintField(4, nested.min_items ?? 0),
    varintField(5, nested.max_items ?? 0),
  ]);
}

/** The type of a whole configuration or state. */
export function blockType(block: BlockSchema): ValueType {
  const members: Record<string, ValueType> = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {}))
    members[name] = attributeType(attribute);
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = blockType(nested.block);
    members[name] = nested.nesting_mode === 'single' ? inner : [nested.nesting_mode, inner];
  }
  return ['object', members];
}

function attributeType({ type, nested_type: nested }: AttributeSchema): ValueType {
  if (nested === undefined) return type ?? 'string';
  const members = Object.fromEntries(
    Object.entries(nested.attributes).map(([name, attribute]) => [name, attributeType(attribute)]),
  );
  const inner: ValueType = ['object', members];
  return nested.nesting_mode === 'single' ? inner : [nested.nesting_mode, inner];
}
