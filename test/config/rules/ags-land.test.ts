import { agsLand } from '../../../lib/config/rules/ags-land.js';
import { saysOf } from '../support.js';

test('a municipality of another Land is refused where the platform names one', () => {
  expect(saysOf(agsLand, { ags: '09162000' }, { land: '15' })).toMatchInlineSnapshot(`
   "musterstadt.yaml:2:6  AGS 09162000
     a municipality of the platform's Land: the AGS begins with 15; correct the AGS, or the land in the platform file   [ags-land]
   "
  `);
});

test('its own Land is right, and any where the platform names none', () => {
  expect(saysOf(agsLand, {}, { land: '15' })).toBe('');
  expect(saysOf(agsLand, { ags: '09162000' })).toBe('');
  expect(saysOf(agsLand, { ags: '9' }, { land: '15' })).toBe('');
});
