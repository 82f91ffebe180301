import { ags } from '../../../lib/config/fields/ags.js';
import { injections, verdict } from './support.js';

test.each(['15081901', '15091999', '15001000', '15003000', '09162000', '11000000', '01001000', '16077001'])(
  '%s can be a Gemeinde',
  (value) => {
    expect(verdict(ags, value)).toBe('');
  },
);

test.each([
  ['1508190', 'seven digits'],
  ['150819011', 'nine digits'],
  ['17081901', 'there are 16 Länder'],
  ['00081901', 'there is no Land 00'],
  ['15181901', 'Sachsen-Anhalt has no Regierungsbezirke'],
  ['15001001', 'Dessau-Roßlau is one Gemeinde'],
  ['15004000', 'there are three kreisfreie Städte'],
  ['15080901', 'Kreise begin with 81'],
  ['15092901', 'Kreise end with 91'],
  ['15081000', 'the Kreis itself'],
  ['15000000', 'the Land itself'],
  ['1508190x', 'a letter'],
])('%s is refused: %s', (value) => {
  expect(verdict(ags, value)).toMatchSnapshot();
});

test('a number has lost its quotes, and perhaps a zero', () => {
  expect(verdict(ags, 15081901)).toContain("like ags: '15081999'");
});

test.each(injections)('%j is refused', (value) => {
  expect(verdict(ags, value)).not.toBe('');
});
