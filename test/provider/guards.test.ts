import { readdirSync, readFileSync } from 'node:fs';
import { guards } from '../../lib/provider/gate-documentation.js';
import { notByMail } from '../real/edges/guards/not-by-mail.js';

const folder = new URL('../real/edges/', import.meta.url);

/** Guards that a test with real mail is named after: `what is wrong: gate-…`. */
const shown = readdirSync(folder, { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .flatMap((text) => [...text.matchAll(/test\(\s*'[^'\n]*: (gate-[a-z-]+)'/g)].map(([, id]) => id ?? ''));

test('each guard has one test with and without it in test/real/edges, or a reason in guards/not-by-mail.ts', () => {
  expect([...shown, ...Object.keys(notByMail)].sort()).toEqual([...guards].sort());
});

test('each reason is a sentence', () => {
  for (const reason of Object.values(notByMail)) expect(reason).toMatch(/^[A-Z].*\.$/s);
});
