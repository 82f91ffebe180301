import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onWrite } from '../../../lib/rehearsal/load/far-end-writes.js';

test('a write at a far end is noticed', async () => {
  const root = await mkdtemp(join(tmpdir(), 'mailversand-test-'));
  const path = (host: string, inside: string) => join(root, host, inside);
  const folder = path('relay', 'var/lib/mailversand-relay');
  await mkdir(folder, { recursive: true });
  const called = new Promise<void>((resolve) => onWrite({ path }, 1, resolve));
  await writeFile(join(folder, 'elements'), '');
  await called;
  await rm(root, { recursive: true });
});
