/** Sorted by key in code unit order (the same on every machine), each key once: what has the same key is the same. */
export function byKey<T>(list: readonly T[], key: (item: T) => readonly (string | number)[]): T[] {
  const found = new Map(list.map((item) => [key(item).join('/'), item]));
  return [...found.keys()].sort().map((id) => found.get(id) as T);
}
