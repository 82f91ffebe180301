import type { Wait } from '../../definition.js';
import { shownNow, type Evidence } from './cutover.js';
import { hostsIn, sameHosts, type Move } from './move.js';
import type { Recorded } from './recorded.js';
import { missingSenders, namesRelay, senders } from './spf-terms.js';

/**
 * Senders of whom mail is refused by receivers as soon as the municipality sends by its old path again: SPF named them
 * beside the relay when the MX moved, and names them no more, or not yet in every cache. A server that says nothing
 * forbids nothing, and where there is no record at all nothing fails.
 */
export function oldSendersMissing(evidence: Evidence): (string | Wait)[] {
  const { move, recorded, now } = evidence;
  const rows = recorded.filter(({ type }) => type === 'SPF');
  const movedAt = whenMoved(move, recorded);
  const shown = shownNow(evidence, 'SPF').filter(({ data }) => data !== '');
  if (movedAt === undefined || shown.length === 0) return [];
  const old = rows
    .flatMap(({ earlier }) => earlier)
    .filter(({ data, until }) => Date.parse(until) >= movedAt && namesRelay(data, move))
    .flatMap(({ data }) => senders(data, move));
  const needed = [...new Set(old)];
  const lacks = (record: string): string[] => missingSenders(record, needed, move);
  return [
    ...shown.flatMap(({ server, data }) =>
      lacks(data).map(
        (one) => `${server} shows the SPF record ${data}, without ${one}, from where it was sent before`,
      ),
    ),
    ...rows.flatMap(({ server, earlier }) =>
      earlier
        .filter(({ data, goneBy }) => data !== '' && Date.parse(goneBy) > now.getTime())
        .flatMap(({ data, goneBy }) =>
          lacks(data).map((one) => ({
            what: `${server} showed the SPF record ${data}, without ${one}, which may still be in caches`,
            until: goneBy,
          })),
        ),
    ),
  ];
}

/** When the MX was first seen elsewhere than at the municipality's servers, where it is so still. Milliseconds. */
function whenMoved({ to }: Move, recorded: readonly Recorded[]): number | undefined {
  const times = recorded
    .filter(({ type, data }) => type === 'MX' && !sameHosts(hostsIn(data), to))
    .map(({ dataSince }) => Date.parse(dataSince));
  return times.length === 0 ? undefined : Math.min(...times);
}
