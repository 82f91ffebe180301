import type { z } from 'zod';
import { explanationOf } from '../../../lib/config/fields/field.js';

/** What a field says about a value, on one line; an empty text if it is right. */
export function verdict(field: z.ZodType, value: unknown): string {
  const result = field.safeParse(value);
  if (result.success) return '';
  return result.error.issues
    .map(({ message }) => explanationOf(message))
    .map(({ expected, remedy, rule }) => `${expected}; ${remedy} [${rule}]`)
    .join(' / ');
}

/** What must never get through a text field: it would mean something to nft, a shell, a map or a spreadsheet. */
export const injections = [
  '; rm -rf /',
  '$(id)',
  '`id`',
  "' OR 1",
  'x" }; flush ruleset; #',
  'x\nadd rule ip filter',
  'x\u0000',
  '=cmd|A1',
  '@SUM(A1)',
  '+1+1',
  '-1-1',
  '\tx',
  'a\\b',
  'a%0ab',
  '${HOME}',
  'a|b',
  'a>b',
  'a<script>',
  '*',
  '~root',
  '{{ x }}',
  '\u202ex',
];
