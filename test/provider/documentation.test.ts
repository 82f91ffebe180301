import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { documentation } from '../../lib/provider/documentation.js';
import { gateDocumentation } from '../../lib/provider/gate-documentation.js';
import { definitions } from '../../lib/provider/resources/index.js';

const folder = new URL('../../docs/resources/', import.meta.url);
const gatePage = new URL('../../docs/gate.md', import.meta.url);

// UPDATE_DOCS=1 writes the pages anew.
if (process.env['UPDATE_DOCS']) {
  mkdirSync(folder, { recursive: true });
  for (const definition of definitions)
    writeFileSync(new URL(`${definition.type}.md`, folder), documentation(definition));
  writeFileSync(gatePage, gateDocumentation());
}

describe('docs/resources', () => {
  test.each(definitions.map((definition) => [definition.type, definition] as const))(
    '%s.md says what the definition says (UPDATE_DOCS=1 writes it)',
    (type, definition) => {
      expect(readFileSync(new URL(`${type}.md`, folder), 'utf8')).toBe(documentation(definition));
    },
  );

  test('has no page without a resource', () => {
    expect(readdirSync(folder).sort()).toEqual(definitions.map(({ type }) => `${type}.md`).sort());
  });
});

test('docs/gate.md says what the rules of the gate say (UPDATE_DOCS=1 writes it)', () => {
  expect(readFileSync(gatePage, 'utf8')).toBe(gateDocumentation());
});
