import { readdirSync } from 'node:fs';
import { closest } from '../config/closest.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { Project } from './project.js';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
/** The stack of gateways and relays themselves, deployed like a municipality. */
export const PLATFORM = 'platform';
const ENDING = '.yaml';

/** Names of all municipality files; their content is not looked at. */
export function municipalityNames(project: Project): string[] {
  try {
    return readdirSync(project.municipalities)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => file.slice(0, -ENDING.length))
      .sort();
  } catch {
    return [];
  }
}

/**
 * The name as typed, if there is such a municipality. It becomes part of paths and of the engine's arguments,
 * so nothing else gets past here.
 * @param more names that count as well
 */
export function knownName(typed: string, project: Project, more: readonly string[] = []): string {
  if (!NAME.test(typed)) {
    throw new Failure({
      what: `${JSON.stringify(typed)} is not the name of a municipality`,
      remedy: `a name is that of its file in ${project.municipalities} without .yaml: a-z, 0-9 and -, never a path`,
      rule: 'municipality-name',
      exit: ExitCode.badInput,
    });
  }
  const names = [...municipalityNames(project), ...more];
  if (names.includes(typed)) return typed;
  const near = names.find((name) => name.startsWith(typed)) ?? closest(typed, names);
  throw new Failure({
    what: `there is no municipality ${typed}`,
    details: near === undefined ? [] : [`did you mean ${near}?`],
    remedy: `its file would be ${project.municipalities}/${typed}.yaml; templates/municipality.yaml is a skeleton`,
    rule: 'municipality-unknown',
    exit: ExitCode.badInput,
  });
}
