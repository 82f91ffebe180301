import type { Draft } from './check.js';
import type { MunicipalityFile } from './municipality-file.js';
import type { PlatformFile } from './platform-file.js';
import type { Problem, RuleId } from './problem.js';
import { shown } from './problem.js';
import type { Source } from './yaml.js';
import type { Path } from './yaml-places.js';

/** One municipality's file, as far as its fields are right. */
export interface Entry {
  id: string;
  source: Source;
  draft: Draft<MunicipalityFile>;
}

/** The platform's file, which rules use only if it is right. */
export interface PlatformEntry {
  source: Source;
  file: PlatformFile;
}

/** Every file that a rule may look at. */
export interface Fleet {
  municipalities: readonly Entry[];
  /** Undefined if its file has problems of its own. */
  platform?: PlatformEntry;
}

/** A rule across fields or files. It looks at drafts: what is absent was reported already, or has its default. */
export interface FleetRule {
  id: RuleId;
  /** Why it must hold, in a sentence. */
  why: string;
  check: (fleet: Fleet) => Problem[];
}

/** The check of a rule that needs the platform: nothing to say without it. */
export const withPlatform =
  (check: (fleet: Fleet, platform: PlatformEntry) => Problem[]) =>
  (fleet: Fleet): Problem[] =>
    fleet.platform ? check(fleet, fleet.platform) : [];

/** A problem with a value of a file. */
export const problemWith = (
  { source }: { source: Source },
  path: Path,
  rule: RuleId,
  texts: Pick<Problem, 'found' | 'expected' | 'remedy'>,
): Problem => ({ ...source.place(path), ...texts, rule });

/** `file:line:column` of a value, to name it in a message about another. */
export function placeText({ source }: { source: Source }, path: Path): string {
  const { file, line, column } = source.place(path);
  return `${shown(file)}:${line}:${column}`;
}

/** The items of a draft's list that are right, each with its path. */
export function each<Item>(
  list: readonly (Item | undefined)[] | undefined,
  path: Path,
): { item: Item; path: Path }[] {
  return (list ?? []).flatMap((item, index) =>
    item === undefined ? [] : [{ item, path: [...path, index] }],
  );
}

/** Its mail servers, with those that are kept after a replacement. */
export const serversOf = ({ draft }: Entry) => [
  ...each(draft.servers, ['servers']),
  ...each(draft.kept, ['kept']).flatMap(({ item, path }) =>
    item.server === undefined ? [] : [{ item: item.server, path: [...path, 'server'] }],
  ),
];

export const domainsOf = ({ draft }: Entry) => each(draft.domains, ['domains']);

/** A file's top as the only item of a list. */
export const self = ({ draft }: Entry) => [{ item: draft, path: [] }];

/** A value that one file claims for itself. */
export interface Claim {
  entry: Entry;
  value: string;
  path: Path;
}

/** Every value of a key that must be unique. */
export function claims<Key extends string>(
  { municipalities }: Fleet,
  items: (entry: Entry) => { item: Partial<Record<Key, string>>; path: Path }[],
  key: Key,
): Claim[] {
  return municipalities.flatMap((entry) =>
    items(entry).flatMap(({ item, path }) => {
      const value = item[key];
      return value === undefined ? [] : [{ entry, value, path: [...path, key] }];
    }),
  );
}

/** Claims of a value that an earlier claim (in the order of the files) has made, each with that earlier one. */
export function doubles(claims: readonly Claim[]): { second: Claim; first: Claim }[] {
  const firsts = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const first = firsts.get(claim.value);
    if (first) return [{ second: claim, first }];
    firsts.set(claim.value, claim);
    return [];
  });
}
