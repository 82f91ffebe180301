import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../../lib/cli/setup/lock.js';
import { folderWith, removeFolders } from '../harness.js';

afterEach(removeFolders);

const never = (): never => {
  throw new Error('nobody holds it');
};

test('the second waits for the first, and says for which process', async () => {
  const file = join(folderWith(), 'a.lock');
  const order: string[] = [];
  let finish: () => void = never;
  const first = withLock(file, never, async () => {
    await new Promise<void>((done) => (finish = done));
    order.push('first');
  });
  const waiting: number[] = [];
  const second = withLock(
    file,
    (pid) => {
      waiting.push(pid);
      finish();
    },
    () => Promise.resolve(order.push('second')),
  );
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
  expect(waiting).toEqual([process.pid]);
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['a process that is dead', `${spawnSync('true').pid} 1`],
  ['a dead process whose number somebody else has now', `${process.pid} 1`],
  ['nobody readable', 'x'],
])('the lock of %s is taken over', async (_, content) => {
  const file = join(folderWith(), 'a.lock');
  writeFileSync(file, content);
  await withLock(file, never, () => {
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid} .`));
    return Promise.resolve();
  });
});

test('work that fails gives the lock back', async () => {
  const file = join(folderWith(), 'a.lock');
  await expect(withLock(file, never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});
