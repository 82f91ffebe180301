/** A piece of a text and what stands there instead. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

/**
 * Applies edits that do not overlap, the last first, so that places stay true. Where lines come in at the beginning of
 * what goes, that goes first: they are no part of it.
 */
export const applyEdits = (text: string, edits: readonly TextEdit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((sofar, { start, end, text: put }) => sofar.slice(0, start) + put + sofar.slice(end), text);

/** Where the line around `at` begins. */
export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Where the line after the one around `at` begins; the end of the text if there is none. */
export const lineEnd = (text: string, at: number): number => text.indexOf('\n', at) + 1 || text.length;

/** The spaces before what stands at `at`. (A byte order mark, or a `-`, is no space.) */
export const indentAt = (text: string, at: number): string =>
  text.slice(lineStart(text, at), at).replace(/[^ ]/g, '');

/** New lines at `at`, the beginning of a line or the end of the text. */
export function insertLines(text: string, at: number, lines: readonly string[]): TextEdit {
  const unended = at === text.length && !text.endsWith('\n');
  const put = lines.map((line) => (unended ? newline(text) + line : line + newline(text)));
  return { start: at, end: at, text: put.join('') };
}

const newline = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
