import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type ParsedNode } from 'yaml';
import { shown, type Place } from './problem.js';

/** Steps from the top of a file to a value: keys and list positions. */
export type Path = readonly PropertyKey[];

/** Where everything in a file stands. */
export interface Places {
  /** Where the value stands, or the nearest mapping or list around it that is there. */
  place: (path: Path) => Place;
  /** Where the key before the value stands. */
  keyPlace: (path: Path) => Place;
  /** The value as it is written, shortened. */
  text: (path: Path) => string;
}

/**
 * The places of a file, which is parsed for them when the first is asked for: of thousands of right files no
 * place is ever needed, and their documents are a hundred times as large as they are.
 */
export function placesOf(file: string, content: string): Places {
  let parsed: { top: ParsedNode | null; lines: LineCounter } | undefined;
  const found = (path: Path): Location & { lines: LineCounter } => {
    parsed ??= parseTop(content);
    return { ...locate(parsed.top, path), lines: parsed.lines };
  };
  return {
    place: (path) => {
      const { offset, lines } = found(path);
      return placeAt(file, lines, offset);
    },
    keyPlace: (path) => {
      const { keyOffset, lines } = found(path);
      return placeAt(file, lines, keyOffset);
    },
    text: (path) => textAt(content, found(path)),
  };
}

/** The parser as we use it. It would compare keys in quadratic time: `parseYaml` does that itself. */
export const parse = (content: string, lineCounter: LineCounter): Document.Parsed =>
  parseDocument(content, { lineCounter, uniqueKeys: false, prettyErrors: false, logLevel: 'error' });

/** An empty file has no lines, yet a place. */
export function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function parseTop(content: string): { top: ParsedNode | null; lines: LineCounter } {
  const lines = new LineCounter();
  return { top: parse(content, lines).contents, lines };
}

interface Location {
  /** Undefined: not there. */
  node: ParsedNode | null | undefined;
  offset: number;
  keyOffset: number;
}

function locate(top: ParsedNode | null, path: Path): Location {
  let location: Location = { node: top, offset: top?.range[0] ?? 0, keyOffset: top?.range[0] ?? 0 };
  for (const step of path) {
    const next = child(location, step);
    if (next === undefined) return { ...location, node: undefined };
    location = next;
  }
  return location;
}

function child({ node }: Location, step: PropertyKey): Location | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (!pair) return undefined;
    const keyOffset = pair.key.range[0];
    return { node: pair.value, offset: isEmpty(pair.value) ? keyOffset : pair.value.range[0], keyOffset };
  }
  const item = isSeq(node) ? node.items[Number(step)] : undefined;
  return item && { node: item, offset: item.range[0], keyOffset: item.range[0] };
}

/** A key with nothing behind it: the parser puts its value behind the line's end. */
const isEmpty = (node: ParsedNode | null): node is null =>
  node === null || (isScalar(node) && node.range[0] === node.range[1]);

function textAt(content: string, { node }: Location): string {
  if (node === undefined) return 'missing';
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  return node === null || isEmpty(node) ? 'nothing' : shown(content.slice(node.range[0], node.range[1]));
}
