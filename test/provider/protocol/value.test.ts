import { decode, encode, ExtData } from '@msgpack/msgpack';
import fc from 'fast-check';
import { decodeJsonState, decodeValue, encodeValue } from '../../../lib/provider/protocol/value.js';
import { unknown, type Value, type ValueType } from '../../../lib/provider/served.js';

const names = fc.constantFrom('a', 'b', 'long_name');

/** A type with a value of it; a set's items need not differ here. */
const typedValue: fc.Arbitrary<[ValueType, Value]> = fc.letrec<{ pair: [ValueType, Value] }>((tie) => ({
  pair: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string().map((value): [ValueType, Value] => ['string', value]),
    fc
      .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
      // The engine's numbers know no negative zero.
      .map((value): [ValueType, Value] => ['number', value === 0 ? 0 : value]),
    fc.boolean().map((value): [ValueType, Value] => ['bool', value]),
    fc.constantFrom<[ValueType, Value]>(['string', null], ['number', unknown], [['list', 'string'], unknown]),
    fc
      .tuple(fc.constantFrom<'list' | 'set'>('list', 'set'), tie('pair'), fc.nat(40))
      .map(([kind, [type, value], count]): [ValueType, Value] => [
        [kind, type],
        Array<Value>(count).fill(value),
      ]),
    fc
      .tuple(tie('pair'), fc.array(names))
      .map(([[type, value], keys]): [ValueType, Value] => [
        ['map', type],
        Object.fromEntries(keys.map((key) => [key, value])),
      ]),
    fc
      .dictionary(names, tie('pair'), { noNullPrototype: true })
      .map((members): [ValueType, Value] => [
        ['object', Object.fromEntries(Object.entries(members).map(([name, [type]]) => [name, type]))],
        Object.fromEntries(Object.entries(members).map(([name, [, value]]) => [name, value])),
      ]),
  ),
})).pair;

describe('values', () => {
  test('every value of every type comes back', () => {
    fc.assert(
      fc.property(typedValue, ([type, value]) => {
        expect(decodeValue(type, encodeValue(type, value))).toEqual(value);
      }),
    );
  });

  test.each([0, 1, 12, -1])('an extension of type %i means unknown, whatever it says', (extension) => {
    const bytes = encode(
      { a: new ExtData(extension, Uint8Array.of(1, 2, 3)) },
      {
        extensionCodec: {
          tryToEncode: (value) => (value instanceof ExtData ? value : null),
          decode: () => null,
        },
      },
    );
    expect(decodeValue(['object', { a: 'string' }], bytes)).toEqual({ a: unknown });
  });

  test('unknown is written as the engine writes it', () => {
    expect(encodeValue('string', unknown)).toEqual(Buffer.of(0xd4, 0, 0));
  });

  test('a number may come as text', () => {
    expect(decodeValue('number', encode('25'))).toBe(25);
  });

  test('a state of an older build lacks a member and has one too many: null, and gone', () => {
    expect(decodeJsonState(['object', { a: 'string', b: ['set', 'string'] }], { a: 'x', old: 1 })).toEqual({
      a: 'x',
      b: null,
    });
  });

  test('a whole number stays one on the wire', () => {
    expect(decode(encodeValue('number', 25))).toBe(25);
  });

  test.each<[string, ValueType, Value]>([
    ['an object that lacks a member', ['object', { a: 'string' }], {}],
    ['an object with one too many', ['object', {}], { a: 'x' }],
    ['a list for a map', ['map', 'string'], []],
    ['a map for a list', ['list', 'string'], {}],
    ['a list for a string', 'string', []],
  ])('%s is refused before the engine sees it', (_, type, value) => {
    expect(() => encodeValue(type, value)).toThrow(TypeError);
  });

  test.each<[string, ValueType, unknown]>([
    ['text for a list', ['list', 'string'], 'x'],
    ['an object for a list', ['list', 'string'], {}],
    ['a number for text', 'string', 1],
    ['text for a truth', 'bool', 'yes'],
  ])('%s is refused when reading', (_, type, raw) => {
    expect(() => decodeJsonState(type, raw)).toThrow(TypeError);
  });
});
