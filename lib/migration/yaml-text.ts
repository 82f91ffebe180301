import { isCollection, isPair, isScalar, type Node, type YAMLMap, type YAMLSeq } from 'yaml';

/** An entry of a mapping; where nothing stands behind the colon, `value` is an empty scalar. */
export interface Entry {
  key: Node;
  value: Node;
}

export interface Span {
  start: number;
  end: number;
}

/** The entry with this key. */
export const entryOf = (map: YAMLMap, name: string): Entry | undefined =>
  (map.items as unknown as Entry[]).find(({ key }) => isScalar(key) && key.value === name);

/** Where a node's own text begins and ends; of a block, without comments and blank lines behind its content. */
export function span(node: Node): Span {
  const [start, end] = node.range as [number, number, number];
  return { start, end: isCollection(node) && node.flow !== true ? span(lastIn(node)).end : end };
}

/** Where the `-` of each item of a block sequence stands. Needs a document parsed with `keepSourceTokens`. */
export const dashes = ({ srcToken }: YAMLSeq): number[] =>
  (srcToken as { items: { start: { type: string; offset: number }[] }[] }).items.flatMap(({ start }) =>
    start.filter(({ type }) => type === 'seq-item-ind').map(({ offset }) => offset),
  );

function lastIn({ items }: { items: unknown[] }): Node {
  const last = items[items.length - 1];
  return (isPair(last) ? last.value : last) as Node;
}
