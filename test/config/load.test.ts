import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFleet, loadOne, loadPlatform } from '../../lib/config/load.js';
import { formatProblems } from '../../lib/config/problem.js';
import { municipalityText, other, platformText, type Change } from './support.js';

let cwd: string;
const places = () => ({ municipalitiesDir: 'municipalities', platformFile: 'platform.yaml', cwd });
const write = (path: string, content: string | Uint8Array) => writeFileSync(join(cwd, path), content);
const municipality = (id: string, change: Change = {}) =>
  write(`municipalities/${id}.yaml`, municipalityText(change));
const fleetSays = () => formatProblems(loadFleet(places()).problems);

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mailversand-config-'));
  mkdirSync(join(cwd, 'municipalities'));
  write('platform.yaml', platformText());
});
afterEach(() => rmSync(cwd, { recursive: true }));

test('the platform file alone', () => {
  expect(loadPlatform(places())).toMatchObject({ platform: { name: 'rehearsal' }, problems: [] });
  write('platform.yaml', platformText({ name: 'X Y' }));
  expect(loadPlatform(places()).problems).toHaveLength(1);
  expect(loadPlatform({ platformFile: join(cwd, 'none.yaml') }).problems).toHaveLength(1);
});

describe('a fleet', () => {
  test('is every file of the folder, sorted by name', () => {
    municipality('b', other);
    municipality('a');
    const { municipalities, platform, problems } = loadFleet(places());
    expect(problems).toEqual([]);
    expect(municipalities.map(({ id, network }) => [id, network.gateway])).toEqual([
      ['a', 'gw1'],
      ['b', 'gw1'],
    ]);
    expect(platform?.name).toBe('rehearsal');
  });

  test('an error in one field hides no error in another, in another file or between files', () => {
    municipality('a', { ags: 7 });
    municipality('b', { ...other, name: '', servers: [{ inside: '10.0.0.1', transfer: '10.128.0.1' }] });
    write('municipalities/c.yaml', 'name: [\n');
    write('platform.yaml', platformText({ relays: { relay1: { addresses: { ndb: '203.0.113.10' } } } }));
    expect(fleetSays()).toMatchSnapshot();
  });

  test('municipalities without a problem are there beside others with one', () => {
    municipality('a', { ags: 7 });
    municipality('b', other);
    expect(loadFleet(places()).municipalities.map(({ id }) => id)).toEqual(['b']);
  });

  test('with a wrong platform file there is no municipality, and every other error all the same', () => {
    write('platform.yaml', platformText({ name: 'X Y' }));
    municipality('a');
    municipality('b', { ...other, ags: '15081901' });
    const { municipalities, platform } = loadFleet(places());
    expect([municipalities, platform]).toEqual([[], undefined]);
    expect(fleetSays()).toMatchSnapshot();
  });

  test('hidden files and other endings are not ours', () => {
    municipality('a');
    write('municipalities/.a.yaml', '[');
    write('municipalities/a.yaml~', '[');
    write('municipalities/schema.json', '{}');
    expect(fleetSays()).toBe('');
  });

  test.each([
    'Musterstadt.yaml',
    'muster stadt.yaml',
    'a.yml',
    'platform.yaml',
    '1a.yaml',
    `${'a'.repeat(64)}.yaml`,
    'a\u001b[2J.yaml',
  ])('the file name %j is no municipality', (name) => {
    write(`municipalities/${name}`, municipalityText());
    expect(fleetSays()).toMatchSnapshot();
  });

  test('a folder that is not there is one problem', () => {
    rmSync(join(cwd, 'municipalities'), { recursive: true });
    expect(fleetSays()).toMatchSnapshot();
  });
});

describe('a file', () => {
  test('of more than a megabyte is refused by its size, before it is read', () => {
    municipality('a');
    truncateSync(join(cwd, 'municipalities/a.yaml'), 10_000_000);
    expect(fleetSays()).toMatchSnapshot();
  });

  test('that is not UTF-8 is refused', () => {
    write('municipalities/a.yaml', Buffer.from('name: Köthen', 'latin1'));
    expect(fleetSays()).toMatchSnapshot();
  });

  test('that is a folder or a named pipe is refused without waiting', () => {
    mkdirSync(join(cwd, 'municipalities/a.yaml'));
    execFileSync('mkfifo', [join(cwd, 'municipalities/b.yaml')]);
    expect(fleetSays()).toMatchSnapshot();
  });

  test('that cannot be opened says why', () => {
    municipality('a');
    rmSync(join(cwd, 'platform.yaml'));
    execFileSync('ln', ['-s', 'a.yaml', join(cwd, 'municipalities/b.yaml')]);
    execFileSync('ln', ['-s', 'c.yaml', join(cwd, 'municipalities/c.yaml')]);
    expect(fleetSays()).toMatchSnapshot();
  });

  test('outside the working directory is named by its whole path', () => {
    const { problems } = loadFleet({ ...places(), platformFile: '../none.yaml' });
    expect(problems[0]?.file).toBe(join(cwd, '../none.yaml'));
  });
});

describe('one municipality', () => {
  test('is read without the others', () => {
    municipality('a');
    write('municipalities/b.yaml', '[');
    const { municipality: a, problems } = loadOne('a', places());
    expect(problems).toEqual([]);
    expect(a?.id).toBe('a');
  });

  test('is checked against the platform', () => {
    municipality('a', { relay: 'relay2' });
    expect(loadOne('a', places())).toMatchObject({
      municipality: undefined,
      problems: [{ rule: 'relay-known' }],
    });
  });

  test('is checked as it is going to be, before it is written', () => {
    municipality('a');
    const { problems } = loadOne('a', places(), municipalityText({ relay: 'relay2' }));
    expect(problems).toMatchObject([{ file: 'municipalities/a.yaml', rule: 'relay-known' }]);
    expect(loadOne('a', places()).problems).toEqual([]);
  });

  test.each([
    '../a',
    '/etc/passwd',
    'a/b',
    'a.yaml',
    '',
    '..',
    'a\0b',
    'A',
    'platform',
    '-rf',
    'a b',
    'constructor\n',
  ])('the name %j is refused before anything is opened', (name) => {
    const { municipality, problems } = loadOne(name, places());
    expect(municipality).toBeUndefined();
    expect(problems.map(({ rule }) => rule)).toEqual(['municipality-name']);
  });

  test('that there is not says so', () => {
    expect(formatProblems(loadOne('nirgendwo', places()).problems)).toMatchSnapshot();
  });
});

test('the working directory is the default', () => {
  const project = { municipalitiesDir: 'municipalities', platformFile: 'stacks/platforms/rehearsal.yaml' };
  expect(formatProblems(loadFleet(project).problems)).toBe('');
  expect(loadOne('musterstadt', project).municipality?.name).toBe('Musterstadt');
});
