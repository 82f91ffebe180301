/** The word that was probably meant, for "write …"; undefined if none is near. */
export function closest(word: string, known: readonly string[]): string | undefined {
  // A text of megabytes is no typing error.
  if (word.length > 64) return undefined;
  const near = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)));
  near.sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** Letters to insert, delete, replace, or swap with the next (optimal string alignment), by rows. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const [above, left, diagonal] = [row[j + 1], next[j], row[j]] as [number, number, number];
      const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const swap = swapped ? (before[j - 1] as number) + 1 : Infinity;
      next.push(Math.min(above + 1, left + 1, diagonal + (a[i] === b[j] ? 0 : 1), swap));
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
