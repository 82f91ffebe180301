import fc from 'fast-check';
import type { Element } from '../../../lib/provider/element.js';
import {
  decodeParts,
  encodePart,
  encodeParts,
  formatElement,
  formatTransaction,
  parseElement,
} from '../../../lib/provider/targets/line.js';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const element: fc.Arbitrary<Element> = fc.record(
  {
    map: fc.constantFrom('dnat', 'transport', 'stages'),
    key: fc.array(text, { minLength: 1, maxLength: 5 }),
    value: fc.array(text, { maxLength: 5 }),
    owner: text,
    instance: text,
    order: text,
  },
  { requiredKeys: ['map', 'key', 'value'] },
);

describe('lines of elements', () => {
  test('every element comes back as it was', () => {
    fc.assert(fc.property(element, (one) => expect(parseElement(formatElement(one))).toEqual(one)));
  });

  test('whatever an element holds, its line is six tokens of harmless characters', () => {
    fc.assert(
      fc.property(element, (one) =>
        expect(formatElement(one)).toMatch(/^([A-Za-z0-9._:/@%+=,~[\]-]+ ){5}[A-Za-z0-9._:/@%+=,~[\]-]+$/),
      ),
    );
  });

  test('two different elements never have one line', () => {
    fc.assert(
      fc.property(element, element, (one, other) => {
        expect(formatElement(one) === formatElement(other)).toBe(
          JSON.stringify(parseElement(formatElement(one))) ===
            JSON.stringify(parseElement(formatElement(other))),
        );
      }),
    );
  });

  test.each([
    [[], '-'],
    [['-'], '%2D'],
    [[''], '%'],
    [['', ''], '%,%'],
    [['a,b'], 'a%2Cb'],
    [['100 %'], '100%20%25'],
    [['Größe'], 'Gr%C3%B6%C3%9Fe'],
    [['[10.128.0.1]:25=encrypt', '[a.example]:25=may'], '[10.128.0.1]:25=encrypt,[a.example]:25=may'],
  ])('parts %j are the token %s', (parts, token) => {
    expect(encodeParts(parts)).toBe(token);
    expect(decodeParts(token)).toEqual(parts);
  });

  test('what a hand wrote and is no encoding is shown as it is', () => {
    expect(decodeParts('%zz,50%')).toEqual(['%zz', '50%']);
  });

  test('a line that is no element is said to be none', () => {
    expect(() => parseElement('dnat a b')).toThrow('not an element: dnat a b');
  });

  test('a transaction says first what it expects', () => {
    const one = { map: 'allow', key: ['c1'], value: [], owner: '15001001' };
    const at = { map: 'allow', key: ['c2'] };
    expect(
      formatTransaction({
        expect: [
          { at: one, found: one },
          { at, found: undefined },
        ],
        put: [one],
        remove: [at],
      }),
    ).toEqual([
      'expect allow c1 - 15001001 - -',
      'absent allow c2',
      'put allow c1 - 15001001 - -',
      'remove allow c2',
    ]);
  });

  test('a part without anything special stays readable', () => {
    expect(encodePart('ln0')).toBe('ln0');
  });
});
