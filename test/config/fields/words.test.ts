import fc from 'fast-check';
import { contact, localPart, mailbox, name, reference } from '../../../lib/config/fields/words.js';
import { injections, verdict } from './support.js';

test.each([
  'Musterstadt',
  'Übermuster',
  'Muster-Roßla (Harz)',
  'Beispiel/Heide',
  'St. Muster, Stadt',
  'Žabno 2',
])('%s is a name', (value) => {
  expect(verdict(name, value)).toBe('');
});

test.each([
  '',
  ' Musterstadt',
  'Musterstadt ',
  'Muster  Stadt',
  '2. Muster',
  'Мустерштадт',
  'a'.repeat(81),
  'U\u0308bermuster',
  7,
])('%j is none', (value) => {
  expect(verdict(name, value)).toMatchSnapshot();
});

test.each(['FS-2025-0001', 'a', '2025/17', 'A.b_c-1', 'a'.repeat(40)])('%s is a reference', (value) => {
  expect(verdict(reference, value)).toBe('');
});

test.each(['', 'FS 1', '-1', '=1', 'FS-', 'a'.repeat(41), 'Größe', 20250001])('%j is none', (value) => {
  expect(verdict(reference, value)).toContain('[reference]');
});

test.each(['IT-Leitung', 'Hauptamt', 'it@musterstadt.example', 'Amt für zentrale Dienste (ZD)'])(
  '%s is a contact',
  (value) => {
    expect(verdict(contact, value)).toBe('');
  },
);

test.each([
  'Frau Beispiel',
  'Dr. Muster',
  'IT (Herr Muster)',
  'it@',
  'it@localhost',
  'it@Musterstadt.example',
  'IT@muster.example',
  'IT  Amt',
  '',
])('%j is none', (value) => {
  expect(verdict(contact, value)).toMatchSnapshot();
});

test.each(['anbindungstest', 'a', 'probe.anbindung', 'test-1_b', 'a'.repeat(40)])(
  '%s stands before the @ of a mailbox',
  (value) => {
    expect(verdict(localPart, value)).toBe('');
  },
);

test.each(['', 'Test', 'a@b.example', 'a%b', 'a!b', 'a+b', '.a', 'a.', 'a b', 'a'.repeat(41), 7])(
  '%j does not',
  (value) => {
    expect(verdict(localPart, value)).toContain('[local-part]');
  },
);

test('a whole mailbox', () => {
  expect(verdict(mailbox, 'anbindungstest@extern.example')).toBe('');
  for (const value of [
    'anbindungstest',
    'a+b@extern.example',
    'a@localhost',
    'A@extern.example',
    '@x.example',
  ]) {
    expect(verdict(mailbox, value)).toContain('[mailbox]');
  }
});

test('Frauenbüro is an office', () => {
  expect(verdict(contact, 'Frauenbüro')).toBe('');
});

test.each(injections)('%j is refused everywhere, also behind a letter', (value) => {
  for (const field of [name, reference, contact, localPart, mailbox]) {
    expect(verdict(field, value)).not.toBe('');
  }
});

test('whatever gets through holds only letters, digits and few signs, and begins with neither = + - nor @', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('A;b', 'A"b', 'A\nb', 'A%b', 'A`b', 'A$b'),
  );
  fc.assert(
    fc.property(text, (value) => {
      if (verdict(name, value) === '') expect(value).toMatch(/^[\p{L}][\p{L}0-9 .,/()-]*$/u);
      if (verdict(reference, value) === '') expect(value).toMatch(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/);
      if (verdict(contact, value) === '') expect(value).toMatch(/^[\p{L}0-9][\p{L}0-9 .,/()@_-]*$/u);
    }),
  );
});

test('no text takes long to refuse', () => {
  const start = performance.now();
  for (const field of [name, reference, contact]) verdict(field, `${'a.'.repeat(400_000)}!`);
  expect(performance.now() - start).toBeLessThan(2000);
});
