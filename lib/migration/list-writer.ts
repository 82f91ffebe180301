import { isDeepStrictEqual } from 'node:util';
import { isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { applyEdits, type TextEdit } from './text-edit.js';
import { entryOf } from './yaml-text.js';

/** Entries of a list in a municipality's file, as plain values. */
export type Entries = Record<string, unknown>[];

export interface ListEdit {
  /** The changes of the text. `items` are the list's entries, each one value a line. */
  edits: (list: YAMLSeq, items: readonly YAMLMap[]) => readonly TextEdit[];
  /** What the list must say afterwards. */
  edited: (before: Entries) => Entries;
}

const quiet = { logLevel: 'error' } as const;

const isBlock = (item: unknown): item is YAMLMap => isMap(item) && item.flow !== true;

/**
 * Changes one list of a municipality's file, which lib/config has read without a problem; every other line stays.
 * @returns undefined where the list is written in a way that this does not understand, or where the written file
 *   would not say the same as the old one but for the edit
 */
export function writeList(text: string, key: string, { edits, edited }: ListEdit): string | undefined {
  const document = parseDocument(text, { ...quiet, keepSourceTokens: true });
  const list = isMap(document.contents) ? entryOf(document.contents, key)?.value : undefined;
  if (!isSeq(list) || list.flow === true || !list.items.every(isBlock)) return undefined;
  const written = applyEdits(text, edits(list, list.items));
  const was = document.toJS() as Record<string, Entries>;
  const is: unknown = parseDocument(written, quiet).toJS();
  return isDeepStrictEqual(is, { ...was, [key]: edited(was[key] as Entries) }) ? written : undefined;
}
