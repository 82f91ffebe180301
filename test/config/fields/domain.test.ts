import fc from 'fast-check';
import { domain, isDomain } from '../../../lib/config/fields/domain.js';
import { injections, verdict } from './support.js';

test.each([
  'musterstadt.example',
  'a-b.c1.example',
  'xn--bermuster-p9a.example',
  '1a.example',
  `${'a'.repeat(63)}.example`,
])('%s is a domain', (value) => {
  expect(verdict(domain, value)).toBe('');
});

test.each([
  'übermuster.example',
  'musterstadt.example.',
  'Musterstadt.example',
  'ÜBERMUSTER.EXAMPLE.',
  ' musterstadt.example',
  'musterstadt',
  'muster_stadt.example',
  '-muster.example',
  'muster..example',
  'xn--zzzzzz.example',
  '192.0.2.1',
  '0x7f.1',
  '😀 .example',
  '',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(124)}example`,
])('%j is refused', (value) => {
  expect(verdict(domain, value)).toMatchSnapshot();
});

test.each(injections)('%j is refused in every part', (value) => {
  expect(verdict(domain, value)).not.toBe('');
  expect(verdict(domain, `${value}.example`)).not.toBe('');
});

test('what looks like a domain to anyone has one form: lower case, no dot at the end, ASCII', () => {
  fc.assert(
    fc.property(
      fc.domain(),
      (value) => isDomain(value.toLowerCase()) || /(^|\.)xn--|\.\d/.test(value.toLowerCase()),
    ),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (value) => verdict(domain, value) !== '' || /^[a-z0-9.-]+$/.test(value),
    ),
  );
});
