import { limitsInOrder } from '../../../lib/config/rules/limits-in-order.js';
import { saysOf } from '../support.js';

test('more from the Internet than inside is refused', () => {
  expect(saysOf(limitsInOrder, { limits: { internalMb: 20, internetMb: 30 } })).toMatchInlineSnapshot(`
   "musterstadt.yaml:24:15  internetMb 30
     at most internalMb, 20; lower it, or raise internalMb   [limits-in-order]
   "
  `);
});

test('as much is right; without limits, and with wrong ones, nothing is said', () => {
  expect(saysOf(limitsInOrder, { limits: { internalMb: 20, internetMb: 20 } })).toBe('');
  expect(saysOf(limitsInOrder, {})).toBe('');
  expect(saysOf(limitsInOrder, { limits: { internalMb: 'x', internetMb: 30 } })).toBe('');
  expect(saysOf(limitsInOrder, { limits: 7 })).toBe('');
});
