/** The value below or at which a share of all values lies (nearest rank); undefined without values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Seconds from handing a mail over to its arrival, of many mails. */
export interface Latency {
  median: number;
  p95: number;
}

export function latency(seconds: readonly number[]): Latency | undefined {
  const median = quantile(seconds, 0.5);
  const p95 = quantile(seconds, 0.95);
  return median === undefined || p95 === undefined ? undefined : { median, p95 };
}

/** `2.1`: how many times as long; `-` where there is nothing to compare. */
export const ratio = (value: number | undefined, base: number | undefined): string =>
  value === undefined || base === undefined || base <= 0 ? '-' : (value / base).toFixed(1);
