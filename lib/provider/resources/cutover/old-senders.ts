import type { Wait } from '../../definition.js';
import { shownNow, type Evidence } from './cutover.js';
import { hostsIn, sameHosts, type Move } from './move.js';
import type { Earlier, Recorded } from './recorded.js';
import { lost, namesRelay, oldHosts, permitted, type Permitted } from './spf-terms.js';

/**
 * Why mail is refused by receivers as soon as the municipality sends by its old path again: SPF let it pass beside the
 * relay when the MX moved, and does so no more, or not yet in every cache, or this deploy has it do so no more. A server
 * that says nothing forbids nothing, and where there is no record at all nothing fails.
 */
export function oldSendersMissing(evidence: Evidence): (string | Wait)[] {
  const { move, recorded, now } = evidence;
  const rows = recorded.filter(({ type }) => type === 'SPF');
  const shown = shownNow(evidence, 'SPF').filter(({ data }) => data !== '');
  if (shown.length === 0) return [];
  const lacks = lackingOf(evidence);
  return [
    ...shown.flatMap(({ server, data }) =>
      lacks(data).map((loss) => `${server} shows the SPF record ${data}, ${loss}: ${otherThen}`),
    ),
    ...(move.spfWritten === '' ? [] : lacks(move.spfWritten)).map(
      (loss) => `this deploy writes the SPF record ${move.spfWritten}, ${loss}: ${otherThen}`,
    ),
    ...rows.flatMap((row) =>
      inCaches(row, shown, now).flatMap(({ data, until }) =>
        lacks(data).map((loss) => ({
          what: `${row.server} showed the SPF record ${data}, ${loss}, which may still be in caches`,
          until,
        })),
      ),
    ),
  ];
}

const otherThen = 'it was otherwise when the MX moved';

/** What of it is so now and no more once the deploy has written its record, though the MX stays at the relay. */
export function oldSendersLeaving(evidence: Evidence): string[] {
  const { move } = evidence;
  if (move.spfWritten === '') return [];
  const lacks = lackingOf(evidence);
  const already = shownNow(evidence, 'SPF').map(({ data }) => lacks(data));
  return lacks(move.spfWritten).filter((loss) => already.some((lines) => !lines.includes(loss)));
}

/** What SPF let pass beside the relay when the MX moved to it, and a record does not, a phrase each. */
function lackingOf(evidence: Evidence): (record: string) => string[] {
  const { move } = evidence;
  const needed = permittedBefore(evidence);
  return (record) => [...new Set(needed.flatMap((before) => lost(permitted(record, move, []), before)))];
}

function permittedBefore(evidence: Evidence): Permitted[] {
  const { move, recorded } = evidence;
  const movedAt = whenMoved(evidence);
  if (movedAt === undefined) return [];
  const records = recorded
    .filter(({ type }) => type === 'SPF')
    .flatMap((row) => recordAt(movedAt, row))
    .filter((record) => namesRelay(record, move));
  return [...new Set(records)].map((record) => permitted(record, move, oldHosts(move)));
}

/** When the MX left the old servers, of servers that are seen now and of whom it is so still. Milliseconds. */
function whenMoved({ move, observations, recorded }: Evidence): number | undefined {
  const seen = shownNow({ observations }, 'MX').map(({ server }) => server);
  const times = recorded
    .filter(({ type, server }) => type === 'MX' && seen.includes(server))
    .filter((row) => isAtRelay(row, move))
    .map((row) => leftOldServers(row, move));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Whatever became of it since: another preference, or a second host of the relay, moves nothing. */
function leftOldServers({ dataSince, earlier }: Recorded, move: Move): number {
  const relay = move.towards === 'relay' ? move.to : move.from;
  const times = (rows: readonly Earlier[]): number[] => rows.map(({ until }) => Date.parse(until));
  const left = times(earlier.filter(({ data }) => !hostsIn(data).some((host) => relay.includes(host))));
  // Where nobody saw it at the old servers, it left them before it was first seen.
  return left.length > 0 ? Math.max(...left) : Math.min(Date.parse(dataSince), ...times(earlier));
}

const isAtRelay = ({ data }: Pick<Recorded, 'data'>, { towards, to }: Move): boolean =>
  towards === 'relay' ? hostsIn(data).some((host) => to.includes(host)) : !sameHosts(hostsIn(data), to);

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
