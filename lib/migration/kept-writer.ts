import { isScalar, isSeq, type Node, type YAMLSeq } from 'yaml';
import type { Kept } from '../config/municipality.js';
import { isKeptStage } from './kept.js';
import { indentAt, insertLines, lineEnd, lineStart, type TextEdit } from './text-edit.js';
import { dashes, span, type Entry } from './yaml-text.js';

/** Which items of the file's list go, by position, and what comes behind them. */
export interface ListEdit {
  goes: (position: number) => boolean;
  add: readonly Kept[];
}

/** Edits of an existing `kept`; entries that stay keep their text and the comments around them. */
export function editKept(text: string, { key, value }: Entry, edit: ListEdit): TextEdit[] {
  if (isScalar(value) && value.value === null) return fill(text, key, value, edit);
  if (!isSeq(value)) return [];
  if (value.items.length === 0) return fill(text, key, value, edit);
  return value.flow === true ? editInBrackets(text, value, edit) : editBlock(text, key, value, edit);
}

/** New entries, one a line. */
export const entryLines = (indent: string, add: readonly Kept[]): string[] =>
  add.map((kept) => `${indent}- ${entryText(kept)}`);

/** Whether a value read from the file is this entry. */
export function isEntry(value: unknown, kept: Kept): boolean {
  const { stage, domain, server, until } = value as {
    stage?: number;
    domain?: string;
    server?: { transfer?: string };
    until: string;
  };
  const same = isKeptStage(kept)
    ? stage === kept.stage && domain === kept.domain
    : server?.transfer === kept.server.transfer;
  return same && Date.parse(until) === Date.parse(kept.until);
}

const entryText = (kept: Kept): string => `{ ${whatText(kept)}, since: ${kept.since}, until: ${kept.until} }`;

function whatText(kept: Kept): string {
  if (isKeptStage(kept))
    return `stage: ${kept.stage}${kept.domain === undefined ? '' : `, domain: ${kept.domain}`}`;
  const { inside, transfer, ports } = kept.server;
  return `server: { inside: ${inside}, transfer: ${transfer}, ports: [${ports.join(', ')}] }`;
}

/** `kept:` or `kept: []` becomes a list, one line an entry. */
function fill(text: string, key: Node, value: Node, { add }: ListEdit): TextEdit[] {
  if (add.length === 0) return [];
  const nothing = span(value).start === span(value).end;
  const after = nothing ? span(key).end : span(value).end;
  return [
    ...(nothing ? [] : [{ start: span(key).end, end: after, text: ':' }]),
    insertLines(text, lineEnd(text, after), entryLines(`${indentAt(text, span(key).start)}  `, add)),
  ];
}

/** A list in brackets stays one; with a comment inside it is left alone. */
function editInBrackets(text: string, list: YAMLSeq, { goes, add }: ListEdit): TextEdit[] {
  if (text.slice(span(list).start, span(list).end).includes('#')) return [];
  const staying = (list.items as Node[]).filter((_, i) => !goes(i)).map(span);
  const entries = [...staying.map(({ start, end }) => text.slice(start, end)), ...add.map(entryText)];
  return [{ ...span(list), text: `[${entries.join(', ')}]` }];
}

/** The lines of entries that go, and new ones behind the last. */
function editBlock(text: string, key: Node, list: YAMLSeq, { goes, add }: ListEdit): TextEdit[] {
  const begins = dashes(list);
  const ends = (list.items as Node[]).map((item) => lineEnd(text, span(item).end));
  const gone = begins.flatMap((dash, i) =>
    goes(i) ? { start: lineStart(text, dash), end: ends[i] as number, text: '' } : [],
  );
  const emptied = gone.length === begins.length && add.length === 0;
  return [
    ...(emptied ? [empty(text, key)] : []),
    ...gone,
    insertLines(text, ends.at(-1) as number, entryLines(indentAt(text, begins[0] as number), add)),
  ];
}

/** A list without entries goes with its key, but not with the comment behind it. */
function empty(text: string, key: Node): TextEdit {
  const { start, end } = span(key);
  const line = { start: lineStart(text, start), end: lineEnd(text, start) };
  const bare = text.slice(end, line.end).trim() === ':';
  return bare ? { ...line, text: '' } : { start: end, end: text.indexOf(':', end) + 1, text: ': []' };
}
