import { isDeepStrictEqual } from 'node:util';
import { isMap, parseDocument, type Document, type Node, type YAMLMap } from 'yaml';
import type { Settling } from '../config/municipality.js';
import { editKept, entryLines, isEntry } from './kept-writer.js';
import type { KeptEdit } from './kept-edit.js';
import type { Refusal } from './stage-change.js';
import { applyEdits, insertLines, lineEnd, lineStart, type TextEdit } from './text-edit.js';
import { entryOf, span, type Entry } from './yaml-text.js';

/**
 * Writes stage, `kept` and `settling` into the text of a municipality's file, which lib/config has read without a problem.
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
  const written = applyEdits(text, edits(text, document, top, stage, edit));
  return saysWhatItShould(document, parseDocument(written, quiet), edit) ? written : refusal();
}

/** What the library would warn of is found when the result is compared. */
const quiet = { logLevel: 'error' } as const;

const refusal = (): Refusal => ({
  refused:
    '`stage`, `kept` or `settling` is not written in a way that this command can change without touching anything else',
  remedy:
    'write `stage: 2` on a line of its own and `kept:` as a list with one entry a line; npx mailversand validate says what else is wrong',
  rule: 'stage-file',
});

function edits(
  text: string,
  document: Document,
  top: YAMLMap,
  stage: Entry,
  { stage: to, carries = [], drop, add, settling }: KeptEdit,
): TextEdit[] {
  const kept = entryOf(top, 'kept');
  const settles = entryOf(top, 'settling');
  const stages = [stage.value, ...carries.map((name) => ownStage(document, name))];
  const toStage = to === undefined ? [] : stages.map((node) => ({ ...span(node), text: String(to) }));
  const block = [
    ...(settling && !settles ? [`settling: ${settlingText(settling)}`] : []),
    ...(kept || add.length === 0 ? [] : ['kept:', ...entryLines('  ', add)]),
  ];
  const changes = [
    ...toStage,
    insertLines(text, lineEnd(text, span(stage.value).end), block),
    ...(settling !== undefined && settles ? [editSettling(text, settles, settling)] : []),
  ];
  if (kept === undefined) return changes;
  const items = keptOf(document);
  const goes = (position: number) => drop.some((entry) => isEntry(items[position], entry));
  return [...changes, ...editKept(text, kept, { goes, add })];
}

/** The number of a domain that has a stage of its own. */
function ownStage(document: Document, name: string): Node {
  const { domains } = document.toJS() as { domains: { name: string }[] };
  const at = domains.findIndex((domain) => domain.name === name);
  return document.getIn(['domains', at, 'stage'], true) as Node;
}

const settlingText = ({ since, until }: Settling): string => `{ since: ${since}, until: ${until} }`;

/** A new time in place of the old one, or the lines that go. */
const editSettling = (text: string, { key, value }: Entry, settling: Settling | null): TextEdit =>
  settling
    ? { ...span(value), text: settlingText(settling) }
    : { start: lineStart(text, span(key).start), end: lineEnd(text, span(value).end), text: '' };

const keptOf = (document: Document): unknown[] => {
  const { kept } = document.toJS() as { kept?: unknown };
  return Array.isArray(kept) ? kept : [];
};

/** Whether the written file says the same as the old one, but for the edit. */
function saysWhatItShould(
  before: Document,
  after: Document,
  { stage, carries = [], drop, add, settling }: KeptEdit,
): boolean {
  if (after.errors.length > 0) return false;
  const staying = keptOf(before).filter((item) => !drop.some((entry) => isEntry(item, entry)));
  const was = before.toJS() as { domains: { name: string }[] };
  const should = {
    ...was,
    ...(carries.length > 0 && {
      domains: was.domains.map((one) => (carries.includes(one.name) ? { ...one, stage } : one)),
    }),
    ...(stage === undefined ? {} : { stage }),
    ...(settling === undefined ? {} : { settling: settling ?? undefined }),
    kept: [...staying, ...add],
  };
  const is = { ...(after.toJS() as { settling?: unknown }), kept: keptOf(after) };
  return isDeepStrictEqual({ ...is, settling: is.settling }, { settling: undefined, ...should });
}
