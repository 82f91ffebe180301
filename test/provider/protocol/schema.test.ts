import { blockType, encodeSchema } from '../../../lib/provider/protocol/schema.js';
import type { BlockSchema } from '../../../lib/provider/served.js';
import { decode } from './tfplugin6.js';

const schema: BlockSchema = {
  description: 'A record set.',
  attributes: {
    zone: { type: 'string', required: true, description: 'Zone.' },
    addresses: { type: ['set', 'string'], optional: true, sensitive: true },
    id: { type: 'string', computed: true },
    hops: {
      optional: true,
      nested_type: { nesting_mode: 'list', attributes: { port: { type: 'number', required: true } } },
    },
    one: {
      optional: true,
      nested_type: { nesting_mode: 'single', attributes: { host: { type: 'string', required: true } } },
    },
  },
  block_types: {
    mx: {
      nesting_mode: 'set',
      min_items: 1,
      max_items: 9,
      block: { attributes: { exchange: { type: 'string', required: true } } },
    },
    options: { nesting_mode: 'single', block: {} },
  },
};

describe('a schema', () => {
  test('reaches the engine with its nested blocks and attributes', () => {
    const text = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (_, item: unknown) => (Buffer.isBuffer(item) ? item.toString() : item)),
      );
    const bytes = (value: string) => JSON.parse(JSON.stringify(Buffer.from(value))) as unknown;
    expect(text(decode('Schema', encodeSchema(schema)))).toEqual({
      block: {
        description: 'A record set.',
        attributes: [
          { name: 'zone', type: bytes('"string"'), description: 'Zone.', required: true },
          { name: 'addresses', type: bytes('["set","string"]'), optional: true, sensitive: true },
          { name: 'id', type: bytes('"string"'), computed: true },
          {
            name: 'hops',
            optional: true,
            nested_type: {
              nesting: 'LIST',
              attributes: [{ name: 'port', type: bytes('"number"'), required: true }],
            },
          },
          {
            name: 'one',
            optional: true,
            nested_type: {
              nesting: 'SINGLE',
              attributes: [{ name: 'host', type: bytes('"string"'), required: true }],
            },
          },
        ],
        block_types: [
          {
            type_name: 'mx',
            nesting: 'SET',
            min_items: 1,
            max_items: 9,
            block: { attributes: [{ name: 'exchange', type: bytes('"string"'), required: true }] },
          },
          { type_name: 'options', nesting: 'SINGLE', block: {} },
        ],
      },
    });
  });

  test('implies a type', () => {
    expect(blockType(schema)).toEqual([
      'object',
      {
        zone: 'string',
        addresses: ['set', 'string'],
        id: 'string',
        hops: ['list', ['object', { port: 'number' }]],
        one: ['object', { host: 'string' }],
        mx: ['set', ['object', { exchange: 'string' }]],
        options: ['object', {}],
      },
    ]);
  });
});
