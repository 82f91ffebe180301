/** Whole seconds since the epoch. */
export const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** RFC 3339, UTC, whole seconds: `2025-11-24T10:00:00Z`. A part of a second counts as a whole one. */
export const timestamp = (since: number): string =>
  new Date(Math.ceil(since) * 1000).toISOString().replace('.000Z', 'Z');
