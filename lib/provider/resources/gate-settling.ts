import { unseen, shownNow, type Evidence } from './cutover/cutover.js';
import { hostsIn, sameHosts } from './cutover/move.js';
import { domainEdges } from './domain-edges.js';
import type { Wait } from '../definition.js';
import { list, plannedEnd, refusal, refusedWhile, second, type Edge, type GateRule } from './gate-rule.js';
import { lengthOf, type Hold } from './reached.js';

/** From this stage on mail goes to the municipality's servers by the relay, and what they refuse bounces there. */
const routes = 2;

/** After an edge, and while an MX moves, nothing that the servers refuse may bounce: somebody may yet put it right. */
export const settles: GateRule = {
  id: 'gate-settling',
  why: 'The first mail by a new path finds what nobody has thought of. What the servers refuse then bounces at once, unless the relay keeps it for a while.',
  remedy:
    'npx mailversand stage and npx mailversand domain write settling with each edge. It stays until every server of the zone shows the relay, and its time is over: npx mailversand stage with --settled.',
  check: (edge) => {
    const { municipality, declares } = edge;
    const missing = needed(edge).filter((ids) => !ids.some((id) => declares.has(id)));
    if (missing.length > 0)
      return [
        refusal(
          settles.id,
          'holds',
          wouldBounce(municipality),
          `Mail comes by a new path, and the plan does not keep what is refused there:\n${list(missing.map(([id = '']) => id))}\nPut the entry \`settling\` back into ${municipality}.yaml, e.g. ${anew(edge, recordedLength(edge) ?? aDay)}, and deploy.`,
        ),
      ];
    const old = ofEarlierEdge(edge);
    return old === undefined
      ? []
      : [
          refusal(
            settles.id,
            'holds',
            wouldBounce(municipality),
            `Mail comes by a new path, and \`settling\` in ${municipality}.yaml is the one of an earlier edge:\n- { since: ${old.since}, until: ${old.until} }\nnpx mailversand stage and npx mailversand domain write a new one with each edge. Was this one written by hand, write ${anew(edge, lengthOf(old))} there, and deploy.`,
          ),
        ];
  },
};

const wouldBounce = (municipality: string): string =>
  `What the servers of ${municipality} refuse would bounce at once`;

/** Milliseconds. */
const aDay = 86_400_000;

/** The platform wants a length that the gate does not know; what was recorded had it. */
function recordedLength({ municipality, reached }: Edge): number | undefined {
  const hold = reached.holds.find(({ id }) => id === ofStage(municipality));
  return hold && lengthOf(hold);
}

/** The entry that begins now. */
const anew = ({ now }: Edge, length: number): string =>
  `{ since: ${second(now)}, until: ${second(new Date(now.getTime() + length))} }`;

/** The time that an edge forwards is planned with, where it is one that runs or is over already. */
function ofEarlierEdge(edge: Edge): Hold | undefined {
  const { municipality, holds, now } = edge;
  if (!entersRouted(edge)) return undefined;
  const hold = holds.find(({ id }) => id === ofStage(municipality));
  if (hold === undefined) return undefined;
  return plannedEnd(hold, edge).getTime() < Date.parse(second(now)) + lengthOf(hold) ? hold : undefined;
}

const ofStage = (municipality: string): string => `settling:${municipality}`;

const entersRouted = (edge: Edge): boolean =>
  (edge.stage > edge.reached.stage && edge.stage >= routes) ||
  domainEdges(edge.reached, edge).some(({ from, to }) => to > from && to >= routes);

/** Holds of which one at least must be declared, for each edge forwards and each MX that moves. */
function needed(edge: Edge): string[][] {
  const { municipality, cutovers } = edge;
  const moved = cutovers
    .filter(({ move }) => move.towards === 'relay')
    .map(({ move: { domain } }) => ofMx(municipality, domain));
  return [...(entersRouted(edge) ? [[ofStage(municipality)]] : []), ...moved];
}

/** What keeps refused mail while the MX of a domain moves: its own time, or that of its municipality. */
const ofMx = (municipality: string, domain: string): [own: string, shared: string] => [
  `settling:${municipality}/mx/${domain}`,
  `settling:${municipality}/mx`,
];

/** The deploy that instructs a hoster, or that writes one of several servers, is not when mail comes. */
export const settledOnceMoved: GateRule = {
  id: 'gate-settled-early',
  why: 'A hoster moves an MX when he finds the time. The first mail by the new path comes then, and not with the deploy that had it instructed.',
  remedy:
    'settling stays until its time has gone by since the last server of the zone was first seen at the relay. npx mailversand beobachten records what they show, npx mailversand deploy --wait waits.',
  check: (edge) => {
    const waits = edge.atRelays.flatMap((evidence) => notSettled(edge, evidence));
    return refusedWhile(
      waits,
      settledOnceMoved.id,
      'holds',
      `The MX of ${edge.municipality} is not at the relay for long enough${lastEnd(waits)}`,
      `Put the entry \`settling\` back into ${edge.municipality}.yaml until then, or wait with npx mailversand deploy --wait; npx mailversand beobachten records what the servers show.`,
    );
  },
};

function notSettled({ municipality, declares, reached, now }: Edge, evidence: Evidence): Wait[] {
  const ids = ofMx(municipality, evidence.move.domain);
  if (ids.some((id) => declares.has(id))) return [];
  const [hold] = ids.flatMap((id) => reached.holds.filter((one) => one.id === id));
  if (!hold) return [];
  const { domain } = evidence.move;
  const early = shownNow(evidence, 'MX').flatMap(({ server, data }): Wait[] => {
    if (!sameHosts(hostsIn(data), evidence.move.to))
      return [{ what: `${domain}: ${server} does not show the relay yet` }];
    const known = evidence.recorded.find((row) => row.type === 'MX' && row.server === server);
    if (known?.data !== data)
      return [{ what: `${domain}: what ${server} shows is not recorded: its clock has not begun` }];
    const end = new Date(Date.parse(known.dataSince) + lengthOf(hold));
    return now < end
      ? [
          {
            what: `${domain}: ${server} was first seen at the relay at ${known.dataSince}`,
            until: second(end),
          },
        ]
      : [];
  });
  return [...unseen(evidence, 'MX').map((what) => ({ what: `${domain}: ${what}` })), ...early];
}

/** Of ends that are all known, the last. */
function lastEnd(waits: readonly Wait[]): string {
  const ends = waits.flatMap(({ until }) => until ?? []).sort();
  return ends.length < waits.length ? '' : ` yet, until ${ends.at(-1)}`;
}
