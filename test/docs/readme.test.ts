import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as library from '../../lib/index.js';

const pages = ['README.md', 'CONTRIBUTING.md', ...markdown('docs')];

function markdown(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

const text = (page: string): string => readFileSync(page, 'utf8');

describe.each(pages)('%s', (page) => {
  test('links to pages that are there', () => {
    const links = [...text(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  test('names only what the package exports', () => {
    const imports = [...text(page).matchAll(/import \{([^}]+)\} from '@interkommunaler-mailversand/g)];
    const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
    expect(names.filter((name) => name !== '' && !(name in library))).toEqual([]);
  });
});

test('the table of constructs names every construct', () => {
  const constructs = Object.entries(library)
    .filter(([name, value]) => /^[A-Z]/.test(name) && typeof value === 'function')
    .map(([name]) => name);
  expect(constructs.length).toBeGreaterThan(5);
  expect(constructs.filter((name) => !text('docs/constructs.md').includes(`| \`${name}\` |`))).toEqual([]);
});
