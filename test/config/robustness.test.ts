import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { check } from '../../lib/config/check.js';
import type { Fleet } from '../../lib/config/fleet.js';
import { municipalitySchema } from '../../lib/config/municipality-file.js';
import { platformSchema } from '../../lib/config/platform-file.js';
import type { Problem } from '../../lib/config/problem.js';
import { rules } from '../../lib/config/rules/index.js';
import { parseYaml } from '../../lib/config/yaml.js';
import { municipalityText, platformText, type Change } from './support.js';

/** Every path of a value, that of the value itself included. */
function paths(value: unknown, path: string[] = []): string[][] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, item]) => paths(item, [...path, key]))];
}

/** The value with something else at a path. */
function replaced(value: unknown, [key, ...rest]: string[], other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === key ? replaced(item, rest, other) : (item as unknown)));
  const mapping = value as Change;
  return { ...mapping, [key]: replaced(mapping[key], rest, other) };
}

/** A file in which something stands where something else belongs. */
const spoiled = (text: string): fc.Arbitrary<string> => {
  const right: unknown = parse(text);
  return fc
    .tuple(fc.constantFrom(...paths(right)), fc.jsonValue({ maxDepth: 2 }))
    .map(([path, other]) => stringify(replaced(right, path, other), { aliasDuplicateObjects: false }));
};

const full = municipalityText({
  kept: [{ stage: 4, since: '2025-01-01T00:00:00Z', until: '2025-01-07T00:00:00Z' }],
  limits: { internalMb: 50, internetMb: 25 },
  order: { approvedOn: '2025-01-01', validUntil: '2026-01-01' },
  network: { gateway: 'gw1' },
});

function problemsOf(municipality: string, platform: string): Problem[] {
  const [m, p] = [
    check(parseYaml('m.yaml', municipality), municipalitySchema),
    check(parseYaml('p.yaml', platform), platformSchema),
  ];
  const fleet: Fleet = {
    municipalities: m.draft ? [{ id: 'm', source: m.source, draft: m.draft }] : [],
    platform: p.value && { source: p.source, file: p.value },
  };
  return [...m.problems, ...p.problems, ...rules.flatMap((rule) => rule.check(fleet))];
}

test('whatever stands anywhere in a file, every problem has a place in it and words that end on their line', () => {
  fc.assert(
    fc.property(spoiled(full), spoiled(platformText()), (municipality, platform) => {
      const lines = { 'm.yaml': municipality.split('\n'), 'p.yaml': platform.split('\n') };
      for (const { file, line, column, found, expected, remedy, rule } of problemsOf(
        municipality,
        platform,
      )) {
        const text = lines[file as keyof typeof lines][line - 1];
        expect(text === undefined ? -1 : text.length - column).toBeGreaterThanOrEqual(-1);
        for (const words of [found, expected, remedy, rule]) expect(words).toMatch(/^[^\p{C}]+$/u);
      }
    }),
    { numRuns: 100 },
  );
});

test('the files that are spoiled here are right before', () => {
  expect(problemsOf(full, platformText())).toEqual([]);
});
