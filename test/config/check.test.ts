import { check, type Checked } from '../../lib/config/check.js';
import { municipalitySchema, type MunicipalityFile } from '../../lib/config/municipality-file.js';
import { formatProblems } from '../../lib/config/problem.js';
import { parseYaml } from '../../lib/config/yaml.js';
import { municipalityText, type Change } from './support.js';

const checked = (content: string): Checked<MunicipalityFile> =>
  check(parseYaml('a.yaml', content), municipalitySchema);
const says = (change: Change): string => formatProblems(checked(municipalityText(change)).problems);

test('a right file is its values with the defaults', () => {
  const { value, problems } = checked(municipalityText());
  expect(problems).toEqual([]);
  expect(value).toMatchObject({
    routing: 'vollstaendig',
    tls: 'encrypt',
    limits: { internalMb: 100 },
    kept: [],
  });
});

test('every problem of a file is reported, each at its place', () => {
  const wrong = {
    name: 7,
    ags: 15081901,
    stage: '1',
    routing: 'vollständig',
    tsl: 'may',
    stadt: 'x',
    network: { link: 'c 0', relayAlias: null },
    servers: [{ inside: '::1', transfer: '10.128.0.01', ports: [] }],
    domains: 'musterstadt.example',
    contacts: { technical: undefined },
    kept: [{ since: '2025-01-01T00:00:00Z', until: '2025-01-01T00:00:00Z' }],
  };
  expect(says(wrong)).toMatchSnapshot();
});

test.each([
  ['an empty file', ''],
  ['a file with comments only', '# nothing\n'],
  ['a list', '- a\n'],
  ['a word', 'musterstadt\n'],
])('%s is no mapping', (_, content) => {
  expect(formatProblems(checked(content).problems)).toMatchSnapshot();
  expect(checked(content).draft).toBeUndefined();
});

test('a file that is no YAML has the problems of its YAML, and nothing to look at', () => {
  const { problems, draft, value } = checked('a: [');
  expect(problems).toHaveLength(1);
  expect([draft, value]).toEqual([undefined, undefined]);
});

test('a draft is the file without what is wrong; a key too many hides nothing', () => {
  const content = municipalityText({
    ags: 7,
    extra: 1,
    servers: [{ inside: 'x', transfer: '10.128.0.1', extra: 1 }],
  });
  const { draft } = checked(content);
  expect(draft).toMatchObject({
    name: 'Musterstadt',
    servers: [{ inside: undefined, transfer: '10.128.0.1' }],
  });
  expect(draft?.ags).toBeUndefined();
});

test('keys of JavaScript are unknown keys like others', () => {
  expect(says({ constructor: 1, toString: 1 })).toMatchSnapshot();
});
