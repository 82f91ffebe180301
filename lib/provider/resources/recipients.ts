/** What a relay's queue counts, as a person reads it. */
export const recipients = (count: number): string => `${count} ${count === 1 ? 'recipient' : 'recipients'}`;
