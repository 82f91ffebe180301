import { z } from 'zod';
import {
  explain,
  explanationOf,
  identifier,
  list,
  mapping,
  named,
  oneOf,
  someNamed,
  text,
  unknownKey,
  wholeNumber,
} from '../../../lib/config/fields/field.js';
import { injections, verdict } from './support.js';

const kind = { rule: 'r', pattern: '^a+$', expected: 'letters a', remedy: 'write a', example: 'aa' };

test('an explanation survives as a message', () => {
  const explanation = { expected: 'e', remedy: 'r', rule: 'id' };
  expect(explanationOf(explain(explanation))).toEqual(explanation);
});

test('a text has a pattern, and complaints that replace the general words', () => {
  const field = text(kind, (value) => (value === 'aaa' ? { expected: 'not three' } : undefined));
  expect(verdict(field, 'aa')).toBe('');
  expect(verdict(field, 'b')).toBe('letters a; write a [r]');
  expect(verdict(field, 'aaa')).toBe('not three; write a [r]');
  expect(verdict(field, 7)).toBe('letters a; write a [r]');
  expect(verdict(text(kind), 'b')).toBe('letters a; write a [r]');
});

test('editors get the pattern and an example', () => {
  expect(z.toJSONSchema(text(kind))).toMatchObject({ type: 'string', pattern: '^a+$', examples: ['aa'] });
});

test('a number is whole and between its limits', () => {
  const field = wholeNumber(1, 9, 'a digit');
  expect(verdict(field, 5)).toBe('');
  for (const wrong of [0, 10, 1.5, '5', Number.NaN, Infinity]) {
    expect(verdict(field, wrong)).toBe(
      'a digit: a whole number from 1 to 9; write digits without quotes [number]',
    );
  }
});

test('of a few words the one that was probably meant is offered', () => {
  const field = oneOf(['vollstaendig', 'teilweise'], 'routing');
  expect(verdict(field, 'teilweise')).toBe('');
  expect(verdict(field, 'vollständig')).toContain('write vollstaendig');
  expect(verdict(field, 'ganz')).toBe('routing: vollstaendig or teilweise; write one of them [one-of]');
});

test('a mapping has its keys and no others', () => {
  const field = mapping({ stage: z.number(), name: z.string().optional() });
  expect(verdict(field, { stage: 1 })).toBe('');
  expect(verdict(field, [])).toContain('a mapping with keys of stage, name');
  const { error } = field.safeParse({ stage: 1, stge: 1, other: 1 });
  expect(unknownKey('stge', error?.issues[0]?.message ?? '')).toMatchObject({ remedy: 'write stage' });
  expect(unknownKey('other', 'stage name')).toMatchObject({
    expected: 'one of the keys stage, name',
    remedy: 'remove it',
  });
});

test('a list has at least one item', () => {
  expect(verdict(list(z.number(), 'numbers'), [1])).toBe('');
  for (const wrong of [[], 1, {}])
    expect(verdict(list(z.number(), 'numbers'), wrong)).toContain('a list of numbers');
});

test('names of the reader’s choice', () => {
  expect(verdict(named(z.number(), 'number'), { a: 1, 'b-2': 2 })).toBe('');
  expect(verdict(named(z.number(), 'number'), {})).toBe('');
  expect(verdict(someNamed(z.number(), 'number'), {})).toContain('a mapping from the name of each number');
  expect(verdict(someNamed(z.number(), 'number'), { a: 1 })).toBe('');
  expect(verdict(named(z.number(), 'number'), [])).toContain('[mapping]');
});

test.each([...injections, '', 'Gw1', '1a', 'a_b', 'gw 1', 'a'.repeat(64)])(
  '%j is no name of a gateway',
  (value) => {
    expect(verdict(identifier('gateway'), value)).toContain('[identifier]');
  },
);
