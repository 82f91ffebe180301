import type { Wait } from '../../definition.js';
import { shownNow, type Evidence } from './cutover.js';
import { hostsIn, sameHosts } from './move.js';
import type { Recorded } from './recorded.js';
import { missingSenders, namesRelay, senders } from './spf-terms.js';

/**
 * Senders of whom mail is refused by receivers as soon as the municipality sends by its old path again: SPF named them
 * beside the relay when the MX moved, and names them no more, or not yet in every cache, or this deploy takes them out.
 * A server that says nothing forbids nothing, and where there is no record at all nothing fails.
 */
export function oldSendersMissing(evidence: Evidence): (string | Wait)[] {
  const { move, recorded, now } = evidence;
  const rows = recorded.filter(({ type }) => type === 'SPF');
  const shown = shownNow(evidence, 'SPF').filter(({ data }) => data !== '');
  if (shown.length === 0) return [];
  const needed = sendersBefore(evidence);
  const lacks = (record: string): string[] => missingSenders(record, needed, move);
  return [
    ...shown.flatMap(({ server, data }) =>
      lacks(data).map(
        (one) => `${server} shows the SPF record ${data}, without ${one}, from where it was sent before`,
      ),
    ),
    ...(move.spfWritten === '' ? [] : lacks(move.spfWritten)).map(
      (one) => `this deploy takes ${one} out of the SPF record, from where it was sent before`,
    ),
    ...rows.flatMap((row) =>
      inCaches(row, shown, now).flatMap(({ data, until }) =>
        lacks(data).map((one) => ({
          what: `${row.server} showed the SPF record ${data}, without ${one}, which may still be in caches`,
          until,
        })),
      ),
    ),
  ];
}

/** Those of them who may send now and whom the deploy takes out, though the MX stays at the relay. */
export function sendersTakenOut(evidence: Evidence): string[] {
  const { move } = evidence;
  if (move.spfWritten === '') return [];
  const shown = shownNow(evidence, 'SPF');
  return missingSenders(move.spfWritten, sendersBefore(evidence), move).filter((one) =>
    shown.some(({ data }) => missingSenders(data, [one], move).length === 0),
  );
}

/** Whom SPF named beside the relay when the MX moved to it. */
function sendersBefore(evidence: Evidence): string[] {
  const { move, recorded } = evidence;
  const movedAt = whenMoved(evidence);
  if (movedAt === undefined) return [];
  const records = recorded
    .filter(({ type }) => type === 'SPF')
    .flatMap((row) => recordAt(movedAt, row))
    .filter((record) => namesRelay(record, move));
  return [...new Set(records.flatMap((record) => senders(record, move)))];
}

/** When the MX was first seen at the relay, of servers that are seen now and of whom it is so still. Milliseconds. */
function whenMoved({ move, observations, recorded }: Evidence): number | undefined {
  const seen = shownNow({ observations }, 'MX').map(({ server }) => server);
  const times = recorded
    .filter(({ type, server }) => type === 'MX' && seen.includes(server))
    .filter(({ data }) => sameHosts(hostsIn(data), move.to) === (move.towards === 'relay'))
    .map(({ dataSince }) => Date.parse(dataSince));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The record that a server showed at that time; none where it was first looked at later. Milliseconds. */
function recordAt(time: number, { data, dataSince, earlier }: Recorded): string[] {
  const [first] = earlier
    .filter(({ until }) => Date.parse(until) >= time)
    .sort((a, b) => Date.parse(a.until) - Date.parse(b.until));
  if (first) return [first.data];
  return earlier.length > 0 || Date.parse(dataSince) <= time ? [data] : [];
}

/** What a server showed before and shows no more, and until when caches may have it; undefined: nobody knows yet. */
function inCaches(
  { server, data, earlier }: Recorded,
  shown: Evidence['observations'],
  now: Date,
): { data: string; until: string | undefined }[] {
  const replaced = shown.some((one) => one.server === server && one.data !== data);
  return [
    ...(replaced ? [{ data, until: undefined }] : []),
    ...earlier.flatMap((old) =>
      Date.parse(old.goneBy) > now.getTime() ? [{ data: old.data, until: old.goneBy }] : [],
    ),
  ].filter((old) => old.data !== '');
}
