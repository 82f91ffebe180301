import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUpLeftovers, findRehearsals } from '../../lib/rehearsal/leftovers.js';
import { processId, type Owner, type ProcessId } from '../../lib/rehearsal/world.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the next start cleans up what is dead, and nothing else', () => {
  let root: string;
  let alive: ProcessId;
  /** This process's number with another start time: the number was given anew. */
  let recycled: ProcessId;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mailversand-test-'));
    alive = processId(process.pid) as ProcessId;
    recycled = { ...alive, start: '1' };
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const folder = async (id: string, owner?: Owner | string): Promise<void> => {
    await mkdir(join(root, id));
    if (owner === undefined) return;
    await writeFile(join(root, id, 'owner.json'), typeof owner === 'string' ? owner : JSON.stringify(owner));
  };
  const cleaned = async (id: string, owner?: Owner | string): Promise<boolean> => {
    await folder(id, owner);
    await cleanUpLeftovers(root);
    return !existsSync(join(root, id));
  };

  test('a running one stays', async () => {
    expect(await cleaned('a', { starter: alive, init: alive, kept: false })).toBe(false);
  });
  test('one that is just starting stays', async () => {
    expect(await cleaned('a', { starter: alive, kept: false })).toBe(false);
    expect(await cleaned('b')).toBe(false);
  });
  test('a kept one stays although its starter has gone', async () => {
    expect(await cleaned('a', { starter: recycled, init: alive, kept: true })).toBe(false);
  });
  test('one whose processes are gone goes, and whoever has their numbers now is left alone', async () => {
    expect(await cleaned('a', { starter: recycled, init: recycled, kept: false })).toBe(true);
    expect(await cleaned('b', { starter: recycled, init: recycled, kept: true })).toBe(true);
    expect(await cleaned('c', { starter: recycled, kept: false })).toBe(true);
    expect(processId(process.pid)).toEqual(alive);
  });
  test('a folder that says nothing goes once it is old', async () => {
    await folder('a', 'not JSON');
    await utimes(join(root, 'a'), 0, 0);
    expect((await findRehearsals(root)).map(({ dead }) => dead)).toEqual([true]);
    expect(await cleanUpLeftovers(root)).toEqual(['a']);
  });
  test('a machine without rehearsals has none', async () => {
    expect(await findRehearsals(join(root, 'nothing'))).toEqual([]);
  });
});
