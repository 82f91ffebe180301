import { join } from 'node:path';
import { loadFleet } from '../../lib/config/load.js';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { packageRoot } from '../../lib/rehearsal/files.js';

export const files = {
  municipalitiesDir: join(packageRoot(), 'municipalities'),
  platformFile: join(packageRoot(), 'stacks/platforms/rehearsal.yaml'),
};

const fleet = loadFleet(files);

/** The rehearsal's own platform file. */
export const platform = fleet.platform as Platform;

/** An example municipality by its name. */
export function example(name: string): Municipality {
  const found = fleet.municipalities.find(({ id }) => id === name);
  if (!found) throw new Error(`municipalities/${name}.yaml is missing or wrong`);
  return found;
}
