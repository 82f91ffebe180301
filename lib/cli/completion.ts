import { commands } from './commands.js';
import type { Io } from './io.js';
import { municipalityNames } from './names.js';
import { findProject } from './project.js';

/**
 * What may stand at the end of the line: a command, or the name of a municipality.
 * @param words what follows the program's name; the last is unfinished
 */
export function complete(words: readonly string[], io: Io): string[] {
  const current = words.at(-1) ?? '';
  if (words.length <= 1) {
    const names = commands.map(({ usage }) => usage.split(' ')[0] ?? '');
    return names.filter((name) => name.startsWith(current));
  }
  const entry = commands.find(({ usage }) => usage.split(' ')[0] === words[0]);
  return entry?.usage.includes('<municipality') && words.length === 2 ? municipalities(current, io) : [];
}

function municipalities(current: string, io: Io): string[] {
  try {
    return municipalityNames(findProject(io.cwd, io.env)).filter((name) => name.startsWith(current));
  } catch {
    // Outside a project there is nothing to offer, and a completion must not print errors.
    return [];
  }
}
