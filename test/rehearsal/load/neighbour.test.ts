import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFleet } from '../../../lib/config/load.js';
import { layOut } from '../../../lib/rehearsal/layout.js';
import { neighbourFile, neighbourId } from '../../../lib/rehearsal/load/neighbour.js';
import { example, files, platform } from '../examples.js';

test.each(['musterstadt', 'beispielhausen'])('the neighbour of %s breaks no rule beside it', async (id) => {
  const folder = await mkdtemp(join(tmpdir(), 'mailversand-test-'));
  await copyFile(join(files.municipalitiesDir, `${id}.yaml`), join(folder, `${id}.yaml`));
  await writeFile(join(folder, `${neighbourId}.yaml`), neighbourFile(platform, example(id)));
  const { municipalities, problems } = loadFleet({ ...files, municipalitiesDir: folder });
  await rm(folder, { recursive: true });
  expect(problems).toEqual([]);
  expect(layOut(platform, municipalities).parties.map(({ name }) => name)).toContain(neighbourId);
});
