import { domainEdges } from './domain-edges.js';
import { list, refusal, second, type Edge, type GateRule } from './gate-rule.js';

/** From this stage on mail goes to the municipality's servers by the relay, and what they refuse bounces there. */
const routes = 2;

/** After an edge, and while an MX moves, nothing that the servers refuse may bounce: somebody may yet put it right. */
export const settles: GateRule = {
  id: 'gate-settling',
  why: 'The first mail by a new path finds what nobody has thought of. What the servers refuse then bounces at once, unless the relay keeps it for a while.',
  remedy:
    'npx mailversand stage and npx mailversand domain write settling with each edge. It stays until every server of the zone shows the relay, and its time is over: npx mailversand stage with --settled.',
  check: (edge) => {
    const { municipality, declares, now } = edge;
    const missing = needed(edge).filter((ids) => !ids.some((id) => declares.has(id)));
    return missing.length === 0
      ? []
      : [
          refusal(
            settles.id,
            'holds',
            `What the servers of ${municipality} refuse would bounce at once`,
            `Mail comes by a new path, and the plan does not keep what is refused there:\n${list(missing.map(([id = '']) => id))}\nPut the entry \`settling\` back into ${municipality}.yaml, e.g. { since: ${second(now)}, until: ${second(new Date(now.getTime() + aDay))} }, and deploy.`,
          ),
        ];
  },
};

const aDay = 86_400_000;

/** Holds of which one at least must be declared, for each edge forwards and each MX that moves. */
function needed(edge: Edge): string[][] {
  const { municipality, stage, reached, cutovers } = edge;
  const forwards =
    (stage > reached.stage && stage >= routes) ||
    domainEdges(reached, edge).some(({ from, to }) => to > from && to >= routes);
  const moved = cutovers
    .filter(({ move }) => move.towards === 'relay')
    .map(({ move: { domain } }) => [`settling:${municipality}/mx`, `settling:${municipality}/mx/${domain}`]);
  return [...(forwards ? [[`settling:${municipality}`]] : []), ...moved];
}
