import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runApp } from '../../stacks/app.js';

let root: string;
let said: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mailversand-app-'));
  said = '';
  cpSync('municipalities', join(root, 'municipalities'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

/** Another municipality like Musterstadt, with lines of its file replaced. */
function neighbour(...replacements: [string, string][]): void {
  let text = readFileSync(join('municipalities', 'musterstadt.yaml'), 'utf8');
  const others: [string, string][] = [
    ['15081901', '15081999'],
    ['musterstadt.example', 'nachbarstadt.example'],
    ['10.128.0.1', '10.128.200.1'],
    ['c0', 'c7'],
  ];
  for (const [old, now] of [...replacements, ...others]) text = text.replaceAll(old, now);
  writeFileSync(join(root, 'municipalities', 'nachbarstadt.yaml'), text);
}

const run = (env: Record<string, string> = {}, output = 'cdktf.out'): number =>
  runApp({
    env: {
      CDKTF_OUTDIR: join(root, output),
      MAILVERSAND_STATE_DIR: join(root, 'state'),
      MAILVERSAND_MUNICIPALITIES: join(root, 'municipalities'),
      ...env,
    },
    complain: (text) => (said += text),
    providerVersion: '0.1.0-test',
  });

const stacks = (output = 'cdktf.out'): string[] => readdirSync(join(root, output, 'stacks')).sort();
const synthesised = (stack: string, output = 'cdktf.out'): string =>
  readFileSync(join(root, output, 'stacks', stack, 'cdk.tf.json'), 'utf8');

test('a stack for the platform and one for each municipality, named by its file', () => {
  expect({ exit: run(), said }).toEqual({ exit: 0, said: '' });
  const files = readdirSync('municipalities').filter((name) => name.endsWith('.yaml'));
  expect(stacks()).toEqual([...files.map((name) => name.slice(0, -'.yaml'.length)), 'platform'].sort());
});

test('nothing of the machine or of the time is in it, and a second synthesis is the same', () => {
  run();
  const first = synthesised('musterstadt');
  run();
  expect(synthesised('musterstadt')).toBe(first);
  expect(first).not.toContain(root);
  expect(first).not.toContain(process.cwd());
  expect(first).not.toContain(`"${new Date().toISOString().slice(0, 10)}`);
});

test('one municipality alone is the same as among all', () => {
  run();
  expect(run({ MAILVERSAND_ONLY: 'musterstadt' }, 'one.out')).toBe(0);
  expect(stacks('one.out')).toEqual(['musterstadt']);
  expect(synthesised('musterstadt', 'one.out')).toBe(synthesised('musterstadt'));
});

test('the platform alone', () => {
  expect(run({ MAILVERSAND_ONLY: 'platform' })).toBe(0);
  expect(stacks()).toEqual(['platform']);
});

test('several, with the platform', () => {
  neighbour();
  expect({ exit: run({ MAILVERSAND_ONLY: 'platform,nachbarstadt,musterstadt' }), said }).toEqual({
    exit: 0,
    said: '',
  });
  expect(stacks()).toEqual(['musterstadt', 'nachbarstadt', 'platform']);
});

test('what is wrong in the files is said all at once, and nothing is written', () => {
  neighbour(["'15081901'", '4711'], ['stage: 0', 'stage: 7']);
  expect(run()).toBe(4);
  expect(said).toContain('nachbarstadt.yaml:3:6');
  expect(said).toContain('nachbarstadt.yaml:4:8');
  expect(existsSync(join(root, 'cdktf.out'))).toBe(false);
});

test('a mistake in a file that nobody asked for stops nobody else', () => {
  neighbour(['stage: 0', 'stage: 7']);
  expect(run({ MAILVERSAND_ONLY: 'musterstadt' })).toBe(0);
});

test.each([
  ['transfer address', ['10.128.200.1', '10.128.0.1']],
  ['transfer address, hidden by an escape', ['10.128.200.1', '"10.128.0.\\x31"']],
  ['domain', ['nachbarstadt.example', 'musterstadt.example']],
  ['AGS', ['15081999', '15081901']],
])('a %s that a file nobody asked for claims too is refused all the same', (_, [own = '', claimed = '']) => {
  neighbour();
  const file = join(root, 'municipalities', 'nachbarstadt.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(own, claimed));
  expect(run({ MAILVERSAND_ONLY: 'musterstadt' })).toBe(4);
  expect(said).toContain('nachbarstadt.yaml');
});

test('a name without a file, and a name that tries to be a path', () => {
  expect(run({ MAILVERSAND_ONLY: 'nirgendwo,../musterstadt' })).toBe(4);
  expect(said).toContain('nirgendwo.yaml');
  expect(said).toContain('../musterstadt');
});

test('a stranded state stops the synthesis, because the CLI would delete it', () => {
  const folder = join(root, 'cdktf.out', 'stacks', 'musterstadt');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'errored.tfstate'), '{"ser');
  expect(run({ MAILVERSAND_ONLY: 'platform' })).toBe(1);
  expect(said).toContain('[state-stranded]');
  expect(existsSync(join(folder, 'errored.tfstate'))).toBe(true);
});
