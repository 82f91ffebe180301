const day = new Intl.DateTimeFormat('de-DE', { dateStyle: 'medium', timeZone: 'Europe/Berlin' });

const format = new Intl.DateTimeFormat('de-DE', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'Europe/Berlin',
});

/**
 * `24.11.2026, 16:44:42 Uhr`, as the clock of a municipality and the log of its server have it.
 * @param time RFC 3339 where it is a string
 */
export const germanTime = (time: Date | string): string => `${format.format(new Date(time))} Uhr`;

/** `24.11.2026`; the rest as {@link germanTime}. */
export const germanDay = (time: Date | string): string => day.format(new Date(time));
