import fc from 'fast-check';
import * as checks from '../../../lib/provider/resources/checks.js';
import { definitions } from '../../../lib/provider/resources/index.js';
import { validate } from '../../../lib/provider/validate.js';
import { snakeCase } from '../../../lib/provider/names.js';
import { unknown, type Value } from '../../../lib/provider/served.js';
import { textOf, valueOf } from '../../../lib/provider/values.js';

describe('canonical forms', () => {
  test.each([
    [
      checks.address,
      ['10.64.0.10', '0.0.0.0'],
      ['010.0.0.1', '10.0.0', '10.0.0.256', '::1', '10.0.0.1 ', ''],
    ],
    [
      checks.domain,
      ['stadt.example', 'xn--mgeln-jua.example', 'a.b.c'],
      [
        'stadt',
        'Stadt.example',
        'stadt.example.',
        '-a.example',
        'möckern.example',
        'a..b',
        `${'a'.repeat(64)}.example`,
        `${'a.'.repeat(127)}example`,
      ],
    ],
    [checks.link, ['eth0', 'ln0', 'c1.100', 'bond-0'], ['eth0 ', '', 'a'.repeat(16), 'a/b', '-x']],
    [checks.name, ['gw1', 'musterstadt', 'a-b'], ['Gw1', '1gw', '../x', 'a_b', '']],
    [checks.owner, ['15084490'], ['1508449', '150844900', '1508449a']],
    [checks.orderReference, ['OZG-2025-0001', 'MID/2025:7'], ['', 'a b', 'a~b', 'a"', "a'", '-x', 'a\nb']],
    [checks.date, ['2026-02-28', '2024-02-29'], ['2026-02-30', '2026-2-1', '28.02.2026', '2026-13-01']],
    [checks.mark, ['1', '65535'], ['0', '65536', '01', '-1', '1.5']],
    [
      checks.text,
      ['E-Mail vom Relay (Größe ≤ 100 MB)', ''],
      ['a\nb', 'a\u0000', 'a\u001b[31m', 'a'.repeat(257), 'a\u202eb'],
    ],
    [
      checks.nextHop,
      ['[10.64.0.20]:25', '[mail.tenant.example]:25'],
      ['10.64.0.20:25', '[10.64.0.20]', '[a b]:25', '[x]:25;'],
    ],
    [checks.entry, ['10.64.0.10-10.128.0.1-tcp-25'], ['a/b', '', ' a']],
    [checks.digest, ['a'.repeat(64)], ['A'.repeat(64), 'a'.repeat(63)]],
  ])('%p', (check, good, bad) => {
    for (const value of good) expect([value, check(value)]).toEqual([value, undefined]);
    for (const value of bad)
      expect([value, check(value)]).toEqual([value, expect.stringMatching(/^allowed /)]);
  });

  test.each([
    [checks.port, [1, 65535], [0, 65536, 1.5, NaN]],
    [checks.stageNumber, [0, 4], [-1, 5, 0.5]],
  ])('%p', (check, good, bad) => {
    for (const value of good) expect(check(value)).toBeUndefined();
    for (const value of bad) expect(check(value)).toMatch(/^allowed /);
  });
});

/** What ends a word, a line or a command in nft, in a Postfix map or in a shell. */
const hostile = [
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  '"',
  "'",
  '`',
  '$',
  ';',
  '|',
  '&',
  '<',
  '>',
  '(',
  ')',
  '{',
  '}',
  '\\',
  '#',
  '*',
  '!',
];

describe('injection', () => {
  const free = new Set([
    'matrix_entry.source',
    'matrix_entry.destination',
    'matrix_entry.service',
    'matrix_entry.purpose',
    'matrix_entry.approval',
  ]);

  test.each(
    definitions.flatMap(({ type, attributes }) =>
      Object.entries(attributes)
        .filter(
          ([name, attribute]) =>
            attribute.type === 'string' && !('computed' in attribute) && !free.has(`${type}.${name}`),
        )
        .map(([name]) => [type, name] as const),
    ),
  )('%s.%s takes nothing that ends a word', (type, name) => {
    const definition = definitions.find((each) => each.type === type);
    if (!definition) throw new Error(type);
    const example = valueOf(definition, definition.example);
    const before = textOf(example[snakeCase(name)]);
    fc.assert(
      fc.property(fc.constantFrom(...hostile), fc.nat(before.length), (character, at) => {
        const text = before.slice(0, at) + character + before.slice(at);
        const complaints = validate(definition, { ...example, [snakeCase(name)]: text });
        expect(complaints).toMatchObject([{ attribute: snakeCase(name), rule: 'canonical-form' }]);
      }),
    );
  });

  test('free text of the matrix is one line of what can be printed', () => {
    expect(checks.text('$(reboot)')).toBeUndefined();
    expect(checks.text('a\nput stages x')).toBeDefined();
  });
});

describe('validation', () => {
  const all = definitions.map((definition) => [definition.type, definition] as const);

  test.each(all)('%s: its example is right, and what is unknown is left alone', (_, definition) => {
    const example = valueOf(definition, definition.example);
    expect(validate(definition, example)).toEqual([]);
    const nothingKnown = Object.fromEntries(
      Object.keys(example).map((name): [string, Value] => [name, unknown]),
    );
    expect(validate(definition, nothingKnown)).toEqual([]);
  });

  test.each([
    ['relay_route', 'next_hops', [{ address: '10.0.0.1', port: 0, tls: 'may' }]],
    ['relay_route', 'next_hops', []],
    ['relay_route', 'internal_limit', 13_631_487],
    ['relay_route', 'internet_limit', 104_857_601],
    ['relay_route', 'next_hops', [{ address: '10.0.0.1', port: 25, tls: 'never' }]],
    ['relay_client', 'sender_domains', ['Stadt.example']],
    ['gateway_base', 'links', { c1: '0' }],
    ['relay_base', 'routes', { 'stadt.example': 'x' }],
  ])('%s.%s = %j is refused', (type, name, value) => {
    const definition = definitions.find((each) => each.type === type);
    if (!definition) throw new Error(type);
    const example = valueOf(definition, definition.example);
    expect(validate(definition, { ...example, [name]: value })).toMatchObject([{ attribute: name }]);
  });
});
