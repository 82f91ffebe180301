/** As it is stored and shown: RFC 3339, UTC, whole seconds; a part of one counts as a whole one, so no wait ends early. */
export const timestamp = (date: Date): string =>
  new Date(Math.ceil(date.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
