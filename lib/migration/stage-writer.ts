import { isDeepStrictEqual } from 'node:util';
import { isMap, parseDocument, type Document } from 'yaml';
import { editKept, entryLines, isEntry } from './kept-writer.js';
import type { KeptEdit } from './kept-edit.js';
import type { Refusal } from './stage-change.js';
import { applyEdits, insertLines, lineEnd, type TextEdit } from './text-edit.js';
import { entryOf, span, type Entry } from './yaml-text.js';

/**
 * Writes stage and `kept` into the text of a municipality's file, which lib/config has read without a problem.
 * Only their lines change; comments, order, quoting, blank lines and line ends of everything else stay byte for
 * byte, so that the reviewer sees the edge and nothing else. The result is read again: a way of writing YAML
 * that this does not understand is refused, never written wrongly.
 */
export function writeStage(text: string, edit: KeptEdit): string | Refusal {
  const document = parseDocument(text, { ...quiet, keepSourceTokens: true });
  const top = document.contents;
  if (document.errors.length > 0 || !isMap(top) || top.flow === true) return refusal();
  const stage = entryOf(top, 'stage');
  if (stage === undefined) return refusal();
  const written = applyEdits(text, edits(text, document, stage, entryOf(top, 'kept'), edit));
  return saysWhatItShould(document, parseDocument(written, quiet), edit) ? written : refusal();
}

/** What the library would warn of is found when the result is compared. */
const quiet = { logLevel: 'error' } as const;

const refusal = (): Refusal => ({
  refused:
    '`stage` or `kept` is not written in a way that this command can change without touching anything else',
  remedy:
    'write `stage: 2` on a line of its own and `kept:` as a list with one entry a line; npx mailversand validate says what else is wrong',
  rule: 'stage-file',
});

function edits(
  text: string,
  document: Document,
  stage: Entry,
  kept: Entry | undefined,
  edit: KeptEdit,
): TextEdit[] {
  const { stage: to, drop, add } = edit;
  const { start, end } = span(stage.value);
  const toStage = to === undefined ? [] : [{ start, end, text: String(to) }];
  if (kept === undefined) {
    const block = add.length === 0 ? [] : ['kept:', ...entryLines('  ', add)];
    return [...toStage, insertLines(text, lineEnd(text, end), block)];
  }
  const items = keptOf(document);
  const goes = (position: number) => drop.some((entry) => isEntry(items[position], entry));
  return [...toStage, ...editKept(text, kept, { goes, add })];
}

const keptOf = (document: Document): unknown[] => {
  const { kept } = document.toJS() as { kept?: unknown };
  return Array.isArray(kept) ? kept : [];
};

/** Whether the written file says the same as the old one, but for the edit. */
function saysWhatItShould(before: Document, after: Document, { stage, drop, add }: KeptEdit): boolean {
  if (after.errors.length > 0) return false;
  const staying = keptOf(before).filter((item) => !drop.some((entry) => isEntry(item, entry)));
  const should = {
    ...(before.toJS() as object),
    ...(stage === undefined ? {} : { stage }),
    kept: [...staying, ...add],
  };
  return isDeepStrictEqual({ ...(after.toJS() as object), kept: keptOf(after) }, should);
}
