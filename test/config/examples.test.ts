import { readFileSync } from 'node:fs';
import { check } from '../../lib/config/check.js';
import { loadFleet } from '../../lib/config/load.js';
import { municipalitySchema } from '../../lib/config/municipality-file.js';
import { formatProblems } from '../../lib/config/problem.js';
import { parseYaml } from '../../lib/config/yaml.js';

const platformFile = 'stacks/platforms/rehearsal.yaml';
const { municipalities, problems } = loadFleet({ municipalitiesDir: 'municipalities', platformFile });

test('the example municipalities are right', () => {
  expect(formatProblems(problems)).toBe('');
});

test('they differ in what matters', () => {
  const some = (holds: (m: (typeof municipalities)[number]) => boolean) =>
    municipalities.filter(holds).length;
  expect(municipalities.length).toBeGreaterThanOrEqual(6);
  expect(new Set(municipalities.map(({ stage }) => stage)).size).toBe(5);
  expect(some(({ servers, domains }) => servers.length === 2 && domains.length === 2)).toBe(1);
  expect(some(({ routing, stage }) => routing === 'teilweise' && stage === 3)).toBe(1);
  expect(some(({ servers }) => servers[0]?.inside === '192.168.10.5')).toBe(2);
  expect(some(({ domains }) => domains[0]?.writer === 'hoster')).toBe(1);
  expect(some(({ kept }) => kept.length > 0)).toBe(1);
});

test('the platform of a real data centre is right', () => {
  const places = {
    municipalitiesDir: 'test/config/none',
    platformFile: 'stacks/platforms/rechenzentrum.yaml',
  };
  const { platform, problems } = loadFleet(places);
  expect(problems.map(({ rule }) => rule)).toEqual(['folder-unreadable']);
  expect(platform?.senderQueueLifetime).toBe(432_000);
  // What is written on a relay is written on one machine, so one host stands for it.
  expect(platform?.relays.map(({ mx }) => mx.records.length)).toEqual([1]);
});

describe('the skeleton of a new municipality', () => {
  const skeleton = readFileSync('templates/municipality.yaml', 'utf8');
  const says = (content: string) =>
    formatProblems(check(parseYaml('new.yaml', content), municipalitySchema).problems);

  test('is right as it is', () => {
    expect(says(skeleton)).toBe('');
  });

  test('is right with everything in it that is commented out', () => {
    expect(says(skeleton.replace(/^( *)# (?=(?: *[a-zA-Z]+:(?: \S+| \[25\])?$))/gm, '$1'))).toBe('');
  });
});

test('every file names the schema that editors check it by', () => {
  const files = municipalities.map(({ id }) => `municipalities/${id}.yaml`);
  for (const file of [...files, platformFile, 'stacks/platforms/rechenzentrum.yaml']) {
    expect(readFileSync(file, 'utf8')).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
  }
});
