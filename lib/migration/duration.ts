const units: readonly [number, string, string][] = [
  [86_400, 'Tag', 'Tage'],
  [3600, 'Stunde', 'Stunden'],
  [60, 'Minute', 'Minuten'],
  [1, 'Sekunde', 'Sekunden'],
];

/** Seconds in German words: `5 Tage 1 Minute`; the two largest units, rounded up. */
export function duration(seconds: number): string {
  const [first = 1] = units.map(([size]) => size).filter((size) => size <= seconds);
  const at = units.findIndex(([size]) => size === first);
  const [smallest] = units[Math.min(at + 1, units.length - 1)] as [number, string, string];
  const rounded = Math.ceil(seconds / smallest) * smallest;
  // Rounding up may have filled the larger unit: 23 h 59 min 30 s is a day.
  if (rounded !== seconds) return duration(rounded);
  const parts = units.slice(at, at + 2).map(([size, one, many], i) => {
    const count = i === 0 ? Math.floor(seconds / size) : (seconds % first) / size;
    return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
  });
  return parts.filter((part) => part !== '').join(' ') || 'keine Zeit';
}
