import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { keepState, rescueStates, stateFolder, type StateFolder } from '../../stacks/state.js';

let root: string;
let folder: StateFolder;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mailversand-state-')));
  folder = { output: join(root, 'cdktf.out'), states: join(root, '.mailversand', 'state') };
});
afterEach(() => rmSync(root, { recursive: true }));

function statePath(of: StateFolder): string {
  const stack = new TerraformStack(Testing.app(), 'musterstadt');
  keepState(stack, of);
  const { terraform } = JSON.parse(Testing.synth(stack)) as {
    terraform: { backend: { local: { path: string } } };
  };
  return terraform.backend.local.path;
}

describe('where the state lies', () => {
  test('beside the output, by a path that is the same on every machine', () => {
    expect(statePath(folder)).toBe('../../../.mailversand/state/musterstadt.tfstate');
  });

  test('every output folder leads to the one state', () => {
    const output = join(root, 'elsewhere', 'deep', 'out');
    const path = statePath({ ...folder, output });
    expect(resolve(output, 'stacks', 'musterstadt', path)).toBe(join(folder.states, 'musterstadt.tfstate'));
  });

  test('also from an output folder behind a symbolic link', () => {
    mkdirSync(join(root, 'disk', 'out'), { recursive: true });
    symlinkSync(join(root, 'disk', 'out'), join(root, 'link'));
    const path = statePath({ ...folder, output: join(root, 'link') });
    const stackFolder = join(root, 'disk', 'out', 'stacks', 'musterstadt');
    expect(resolve(stackFolder, path)).toBe(join(folder.states, 'musterstadt.tfstate'));
  });

  test('the environment may name another folder', () => {
    expect(stateFolder({})).toEqual({ output: 'cdktf.out', states: join('.mailversand', 'state') });
    const env = { CDKTF_OUTDIR: '/run/out', MAILVERSAND_STATE_DIR: '/var/lib/states' };
    expect(stateFolder(env)).toEqual({ output: '/run/out', states: '/var/lib/states' });
  });
});

describe('a state that the engine could not write, because the disk was full', () => {
  const stranded = () => join(folder.output, 'stacks', 'musterstadt', 'errored.tfstate');
  const state = () => join(folder.states, 'musterstadt.tfstate');

  function write(file: string, serial: number, lineage = 'one'): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ lineage, serial }));
  }
  const serial = (): unknown => (JSON.parse(readFileSync(state(), 'utf8')) as { serial: unknown }).serial;

  test('nothing stranded, nothing done', () => {
    expect(rescueStates(folder)).toEqual([]);
  });

  test('is put in place where there is none yet', () => {
    write(stranded(), 1);
    expect(rescueStates(folder)).toEqual([]);
    expect(serial()).toBe(1);
    expect(existsSync(stranded())).toBe(false);
  });

  test('is put in place of the one it succeeds', () => {
    write(state(), 4);
    write(stranded(), 5);
    expect(rescueStates(folder)).toEqual([]);
    expect(serial()).toBe(5);
  });

  test.each([
    ['the state was written since', 5, 'one', 'the state was written again since then'],
    ['it belongs to another state', 6, 'two', 'it is of another lineage than the state'],
  ])('stays where it is, and is reported, when %s', (_, number, lineage, reason) => {
    write(state(), 5);
    write(stranded(), number, lineage);
    expect(rescueStates(folder)).toEqual([{ file: stranded(), state: state(), reason }]);
    expect(serial()).toBe(5);
    expect(existsSync(stranded())).toBe(true);
  });

  test('stays where it is when it is cut off, or when what it succeeds is', () => {
    write(stranded(), 5);
    write(state(), 4);
    writeFileSync(state(), '{"serial": 4, "lin');
    expect(rescueStates(folder)).toMatchObject([{ reason: 'the state cannot be read' }]);
    writeFileSync(stranded(), '{"serial": 5, "lin');
    expect(rescueStates(folder)).toMatchObject([{ reason: 'it is cut off' }]);
  });

  test('stays where it is while an engine holds the state', () => {
    write(stranded(), 5);
    write(join(folder.states, '.musterstadt.tfstate.lock.info'), 0);
    expect(rescueStates(folder)).toMatchObject([{ reason: expect.stringContaining('locked') as string }]);
  });
});
