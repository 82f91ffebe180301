import { loadPrograms, missingPackages, programs, testPrograms } from '../../rehearsal/requirements.js';
import type { Io } from '../io.js';
import type { Project } from '../project.js';
import { provideEngine, type Engine } from './engine.js';
import { engineEnvironment, type EngineEnvironment } from './environment.js';
import { canInstall, installPackages, missingFailure } from './packages.js';
import { provideProviders } from './providers.js';

/** Everything that a deploy needs on this machine. */
export interface Ready {
  readonly engine: Engine;
  readonly environment: EngineEnvironment;
}

/** Engine, providers, and the variables that lead to them. Quick if all is there. */
export async function prepareDeploy(io: Io, project: Project): Promise<Ready> {
  const engine = await provideEngine(io);
  const mirror = provideProviders(project);
  return { engine, environment: engineEnvironment({ project, engine: engine.path, mirror }) };
}

/** Programs of the rehearsal, and of its load and the tests if asked for; as root on Debian they are installed. */
export async function preparePrograms(io: Io, { load = false, tests = false } = {}): Promise<void> {
  const missing = missingPackages({
    ...programs,
    ...(load ? loadPrograms : {}),
    ...(tests ? testPrograms : {}),
  });
  if (missing.length === 0) return;
  if (!canInstall(io.env)) throw missingFailure(missing, io.env);
  await installPackages(io, missing);
}
