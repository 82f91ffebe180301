import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtProvider, installProviders } from '../../provider/install.js';
import { packageRoot, type Project } from '../project.js';

/**
 * Fills the project's own filesystem mirror with the providers of this package.
 * @returns absolute path of the mirror
 */
export function provideProviders(project: Project): string {
  const mirror = join(project.work, 'providers');
  installProviders(mirror, builtProvider(pathToFileURL(join(packageRoot, 'dist/provider/'))));
  return mirror;
}
