import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a test of real programs needs. */
export interface Requirements {
  /** Namespaces, users and mounts need root. */
  root?: true;
  /** Names looked up in PATH and in the system folders that an ordinary user's PATH may lack. */
  programs?: readonly string[];
}

const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Full path of a program, or undefined. */
export const findProgram = (name: string): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), ...systemFolders]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/** What is missing here, in words; empty if nothing is. */
export const missing = ({ root, programs = [] }: Requirements): string[] => [
  ...(root && process.getuid?.() !== 0 ? ['root'] : []),
  ...programs.filter((name) => findProgram(name) === undefined),
];

/**
 * `describe` for tests on real programs. Where something is missing the suite is reported skipped, by name and
 * with the reason; with CI=true it fails instead, so that no pipeline passes by skipping.
 */
export function describeReal(name: string, requirements: Requirements, body: () => void): void {
  const lacks = missing(requirements);
  if (lacks.length === 0) {
    describe(name, body);
  } else if (process.env['CI'] === 'true') {
    describe(name, () => {
      test('its requirements are there', () => {
        throw new Error(`${name} needs ${lacks.join(', ')}: install it, or run as root`);
      });
    });
  } else {
    describe.skip(`${name} (skipped: needs ${lacks.join(', ')})`, body);
  }
}
