import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { displayPath, municipalityPath, yamlFiles } from '../lib/config/files.js';
import { loadFleet, loadOne, type LoadedFleet, type Places } from '../lib/config/load.js';
import type { Municipality } from '../lib/config/municipality.js';
import { PlatformStack } from './platform-stack.js';

/**
 * Reads what a filtered synthesis needs. Files that nobody asked for are not parsed, so a mistake in one of
 * them stops nobody else; but whoever claims what a chosen municipality claims is still found: the other files
 * are searched as text, and only if one of them mentions such a value all are parsed and compared.
 */
export function loadSelected(names: readonly string[], places: Places): LoadedFleet {
  const cwd = places.cwd ?? process.cwd();
  const chosen = names.filter((name) => name !== PlatformStack.id);
  const alone = chosen.map((name) => loadOne(name, places));
  const problems = alone.flatMap((one) => one.problems);
  const municipalities = alone.flatMap(({ municipality }) => municipality ?? []);
  const [first] = alone;
  if (problems.length > 0) return { municipalities, platform: first?.platform, problems: distinct(problems) };

  const own = chosen.map((name) => displayPath(municipalityPath(places.municipalitiesDir, name), cwd));
  const rivals = mentioning(municipalities.flatMap(claims), places, cwd).filter(
    (file) => !own.includes(file),
  );
  if (first && chosen.length === 1 && rivals.length === 0) {
    return { municipalities, platform: first.platform, problems };
  }
  const fleet = loadFleet(places);
  const concerned = new Set([...own, ...rivals, displayPath(places.platformFile, cwd)]);
  return {
    municipalities,
    platform: fleet.platform,
    problems: fleet.problems.filter(({ file }) => concerned.has(file)),
  };
}

/** What no other file may claim. */
const claims = ({ ags, network, servers, domains, kept }: Municipality): string[] => [
  ags,
  network.link,
  ...servers.map(({ transfer }) => transfer),
  ...kept.flatMap((entry) => ('server' in entry ? entry.server.transfer : [])),
  ...domains.map(({ name }) => name),
];

/** Files with one of the values as a word of its own, or with an escape that may hide one. */
function mentioning(values: readonly string[], { municipalitiesDir }: Places, cwd: string): string[] {
  const words = values.map((value) => value.replace(/[.-]/g, '\\$&')).join('|');
  const pattern = new RegExp(`\\\\|(?<![\\w.-])(?:${words})(?![\\w.-])`, 'i');
  return yamlFiles(municipalitiesDir, cwd)
    .names.map((name) => resolve(cwd, municipalitiesDir, name))
    .filter((path) => pattern.test(textOf(path)))
    .map((path) => displayPath(path, cwd));
}

/** What cannot be read claims nothing. */
function textOf(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

/** The platform's problems come with every municipality. */
const distinct = <T>(all: readonly T[]): T[] => [
  ...new Map(all.map((item) => [JSON.stringify(item), item])).values(),
];
