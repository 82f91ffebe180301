import { text } from './field.js';

/** A day, YYYY-MM-DD. */
export const day = text(
  {
    rule: 'date',
    pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$',
    expected: 'a date from 2000 on that exists, year-month-day',
    remedy: 'write it like 2025-02-19',
    example: '2025-02-19',
  },
  (value) => (exists(`${value}T00:00:00Z`) ? undefined : {}),
);

/** A moment, RFC 3339 in UTC with seconds. */
export const moment = text(
  {
    rule: 'moment',
    pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$',
    expected: 'a moment from 2000 on that exists, in UTC with seconds (RFC 3339)',
    remedy: 'let `npx mailversand stage` write it, like 2025-02-19T09:30:00Z',
    example: '2025-02-19T09:30:00Z',
  },
  (value) => (exists(value) ? undefined : {}),
);

/** JavaScript reads 2025-02-30 as the 2nd of March. */
function exists(moment: string): boolean {
  const time = Date.parse(moment);
  return !Number.isNaN(time) && new Date(time).toISOString() === moment.replace('Z', '.000Z');
}

/** As {@link moment} has it. @param time milliseconds, whole seconds of them */
export const momentOf = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 } as const;

/** A length of time: a number and its unit. */
export const duration = text({
  rule: 'duration',
  pattern: '^[1-9][0-9]{0,5}[smhd]$',
  expected: 'a length of time: a number followed by s, m, h or d',
  remedy: 'write it like 300s or 5d',
  example: '5d',
});

/** Seconds of a valid `duration`. */
export const toSeconds = (value: string): number =>
  Number(value.slice(0, -1)) * SECONDS[value.slice(-1) as keyof typeof SECONDS];
