import { domainsOf, problemWith, serversOf, type Entry, type FleetRule } from '../fleet.js';
import type { Path } from '../yaml-places.js';

export const datesInOrder: FleetRule = {
  id: 'dates-in-order',
  why: 'Evidence from before what it rests on is evidence of something else.',
  check: ({ municipalities }) =>
    municipalities.flatMap((entry) =>
      pairs(entry).flatMap(({ early, late }) => {
        if (early.date === undefined || late.date === undefined || early.date <= late.date) return [];
        return problemWith(entry, late.path, 'dates-in-order', {
          found: `${String(late.path.at(-1))} ${late.date}`,
          expected: `a day not before ${String(early.path.at(-1))} ${early.date}`,
          remedy: 'correct the one that is wrong',
        });
      }),
    ),
};

interface Dated {
  path: Path;
  date: string | undefined;
}

/** What must not be before what. */
function pairs(entry: Entry): { early: Dated; late: Dated }[] {
  const { order, connectionTestPassedOn, outgoingTestPassedOn } = entry.draft;
  const approved = { path: ['order', 'approvedOn'], date: order?.approvedOn };
  const connection = { path: ['connectionTestPassedOn'], date: connectionTestPassedOn };
  return [
    { early: approved, late: { path: ['order', 'validUntil'], date: order?.validUntil } },
    { early: approved, late: connection },
    { early: connection, late: { path: ['outgoingTestPassedOn'], date: outgoingTestPassedOn } },
    ...serversOf(entry).map(({ item: { joinedOn, testedOn }, path }) => ({
      early: { path: [...path, 'joinedOn'], date: joinedOn },
      late: { path: [...path, 'testedOn'], date: testedOn },
    })),
    ...domainsOf(entry).flatMap(({ item, path }) => {
      const early = { path: [...path, 'ndb', 'reportedOn'], date: item.ndb?.reportedOn };
      return [
        { early, late: { path: [...path, 'ndb', 'confirmedOn'], date: item.ndb?.confirmedOn } },
        { early, late: { path: [...path, 'ndb', 'withdrawnOn'], date: item.ndb?.withdrawnOn } },
        {
          early: { path: [...path, 'connectionTestPassedOn'], date: item.connectionTestPassedOn },
          late: { path: [...path, 'outgoingTestPassedOn'], date: item.outgoingTestPassedOn },
        },
      ];
    }),
  ];
}
