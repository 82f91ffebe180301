import { closest } from '../../lib/config/closest.js';

const known = ['stage', 'servers', 'domains', 'relay', 'relays', 'tls'];

test.each([
  ['stge', 'stage'],
  ['Domains', 'domains'],
  ['server', 'servers'],
  ['tsl', 'tls'],
  ['reley', 'relay'],
  ['relayss', 'relays'],
])('%s probably means %s', (word, meant) => {
  expect(closest(word, known)).toBe(meant);
});

test.each(['', 'kommune', 'a'.repeat(65)])('%j means none of them', (word) => {
  expect(closest(word, known)).toBeUndefined();
});
