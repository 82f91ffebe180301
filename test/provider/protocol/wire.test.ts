import fc from 'fast-check';
import * as wire from '../../../lib/provider/protocol/wire.js';
import { decode, encode } from './tfplugin6.js';

interface Sample {
  text: string;
  data: Uint8Array;
  number: number;
  flag: boolean;
  items: { type_name: string }[];
  named: Record<string, { type_name: string }>;
}

const typed = fc.record({ type_name: fc.string() });
const sample = fc.record({
  text: fc.string({ unit: 'binary' }),
  data: fc.uint8Array({ maxLength: 300 }),
  number: fc.maxSafeInteger(),
  flag: fc.boolean(),
  items: fc.array(typed),
  named: fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    typed,
    { noNullPrototype: true },
  ),
});

const ours = ({ text, data, number, flag, items, named }: Sample): Buffer =>
  Buffer.concat([
    wire.stringField(1, text),
    wire.bytesField(2, data),
    wire.varintField(3, number),
    wire.varintField(4, flag),
    wire.repeatedField(
      5,
      items.map(({ type_name }) => wire.stringField(1, type_name)),
    ),
    wire.mapField(
      6,
      Object.fromEntries(
        Object.entries(named).map(([key, { type_name }]) => [key, wire.stringField(1, type_name)]),
      ),
    ),
  ]);

describe('the wire format, against a protobuf library', () => {
  test('what we write, it reads', () => {
    fc.assert(
      fc.property(sample, (message) => {
        const theirs = encode('Sample', { ...message });
        expect(decode('Sample', ours(message), true)).toEqual(decode('Sample', theirs, true));
      }),
    );
  });

  test('what it writes, we read', () => {
    fc.assert(
      fc.property(sample, (message) => {
        const fields = wire.decodeFields(encode('Sample', { ...message }));
        expect(wire.stringOf(fields, 1)).toBe(Buffer.from(message.text).toString());
        expect(wire.bytesOf(fields, 2)).toEqual(Buffer.from(message.data));
        expect(wire.numberOf(fields, 3)).toBe(message.number);
        expect(wire.numberOf(fields, 4)).toBe(Number(message.flag));
        const items = (fields.get(5) ?? []).map((item) =>
          wire.stringOf(wire.decodeFields(item as Buffer), 1),
        );
        expect(items).toEqual(message.items.map(({ type_name }) => type_name));
      }),
    );
  });

  test('any other bytes are read or refused, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(wire.decodeFields(bytes)).toBeInstanceOf(Map);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  test('fixed-length fields of a newer protocol are stepped over', () => {
    const fields = wire.decodeFields(Buffer.of(0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4, 0x18, 7));
    expect(wire.numberOf(fields, 3)).toBe(7);
  });

  test('a varint that never ends is refused', () => {
    expect(() => wire.decodeFields(Buffer.from([0x08, ...Array<number>(11).fill(0xff)]))).toThrow(RangeError);
  });
});
