import type { HeldUp } from '../migration/hoster-sheet-text.js';
import type { HosterRow } from '../migration/hoster-sheet.js';
import type { UnreachableError } from '../provider/element.js';
import type { Failure } from './failure.js';
import { unreachable } from './unreachable.js';

/** Domains of which nothing, or not each record, is instructed now, with what an engineer has to know of it. */
export interface Held extends HeldUp {
  failure: Failure;
}

/** What is instructed all the same. */
export function notHeld<Row extends Pick<HosterRow, 'record'>>(
  rows: readonly Row[],
  held: readonly HeldUp[],
): Row[] {
  return rows.filter(
    ({ record }) =>
      !held.some(
        ({ domains, type = record.type }) => type === record.type && domains.includes(record.domain),
      ),
  );
}

export const domainsOf = (rows: readonly Pick<HosterRow, 'record'>[]): string[] => [
  ...new Set(rows.map(({ record }) => record.domain)),
];

export const notAsked = (domains: readonly string[], error: UnreachableError): Held => ({
  domains,
  reason: 'unreachable',
  failure: nothingKnown(error),
});

export const nothingKnown = (error: UnreachableError): Failure =>
  unreachable(error, 'what is not known is not instructed: put the connection right, then call again');
