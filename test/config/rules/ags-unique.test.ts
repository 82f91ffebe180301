import { agsUnique } from '../../../lib/config/rules/ags-unique.js';
import { other, says } from '../support.js';

test('two files for one municipality are refused, the first is named', () => {
  const municipalities = { musterstadt: {}, 'musterstadt-alt': { ...other, ags: '15081901' } };
  expect(says(agsUnique, { municipalities })).toMatchInlineSnapshot(`
   "musterstadt-alt.yaml:2:6  AGS 15081901 belongs to musterstadt (musterstadt.yaml:2:6)
     one file a municipality; remove one of the two files, or correct the AGS   [ags-unique]
   "
  `);
});

test('different ones are right; a wrong one is not compared', () => {
  expect(says(agsUnique, { municipalities: { a: {}, b: other } })).toBe('');
  expect(says(agsUnique, { municipalities: { a: { ags: '1' }, b: { ags: '1' } } })).toBe('');
});
