import type { Diagnostic } from '../definition.js';

const day = 86_400_000;

/** 30 days ahead a plan begins to warn: an extension of an approval takes weeks. */
export const warnDays = 30;

/** The approval holds to the end of its last day, UTC. */
export const isPast = (validUntil: string, now: Date): boolean =>
  now.getTime() >= Date.parse(validUntil) + day;

/** Nothing closes by itself, so this only warns; the gate refuses stages forward (`gate-expired`). */
export function expiryWarning(validUntil: string | undefined, now: Date): Diagnostic[] {
  if (validUntil === undefined || now.getTime() < Date.parse(validUntil) - warnDays * day) return [];
  const ended = isPast(validUntil, now);
  return [
    {
      severity: 'warning',
      summary: ended ? `The approval ended on ${validUntil}` : `The approval ends on ${validUntil}`,
      detail:
        'What is open stays open. From the day after on no stage forward is planned: have the approval extended, and write its new end into the municipality’s file.',
      attribute: 'valid_until',
      rule: ended ? 'approval-ended' : 'approval-ends',
    },
  ];
}
