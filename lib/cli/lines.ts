/**
 * The lines that a small edit took away (-) and put in (+). What is equal at both ends is left out; between
 * them, lines that stay in order are too.
 */
export function changedLines(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const common = commonLines(old, now);
  const gone = old.filter((_, i) => !common.some(([o]) => o === i)).map((line) => `  - ${line}\n`);
  const come = now.filter((_, i) => !common.some(([, n]) => n === i)).map((line) => `  + ${line}\n`);
  return [...gone, ...come].join('');
}

/** Pairs of positions of a longest common subsequence. */
function commonLines(old: readonly string[], now: readonly string[]): [number, number][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (o: number, n: number): number => lengths[o]?.[n] ?? 0;
  for (let o = old.length - 1; o >= 0; o--) {
    for (let n = now.length - 1; n >= 0; n--) {
      const row = lengths[o] ?? [];
      row[n] = old[o] === now[n] ? at(o + 1, n + 1) + 1 : Math.max(at(o + 1, n), at(o, n + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let o = 0, n = 0; o < old.length && n < now.length;) {
    if (old[o] === now[n]) pairs.push([o++, n++]);
    else if (at(o + 1, n) >= at(o, n + 1)) o++;
    else n++;
  }
  return pairs;
}
