import type { Kept, Municipality, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { Gate } from './elements.js';
import { mxMoves } from './moves.js';
import { standsOrKept } from './kept.js';
import { withdrawn } from './ndb.js';
import { stageOf, type Evidence } from './stages.js';
import { byId, elementIds, type Declared } from './kinds.js';

type Hold = Gate['holds'][number];

/**
 * What the gate compares with the register: the stage, the evidence of the edge into it, every id declared and
 * those that only `kept` declares. `declare` makes the desired state without a gate: asking it with fewer
 * entries of `kept` tells which ids an entry holds, without a second list of what a stage brings.
 */
export const gate = (
  m: Municipality,
  p: Platform,
  state: Declared,
  declare: (m: Municipality) => Declared,
): Gate => ({
  municipality: m.id,
  owner: m.ags,
  stage: state.stage,
  evidence: evidence(m, state.stage),
  declares: [...elementIds(state), ...settling(m).map(({ id }) => id)].sort(),
  holds: [...holds(m, declare), ...settling(m)].sort(byId),
  ...(m.order.validUntil === undefined ? {} : { validUntil: m.order.validUntil }),
  moves: mxMoves(m, p),
  ...(m.wayBackDespite && { wayBackDespite: `${m.wayBackDespite.on} ${m.wayBackDespite.reference}` }),
  ...withdrawn(m),
});

/**
 * The time after an edge is held like an element, so that it ends by the register's clock and by a deploy of its
 * own. The MX moves later than its stage begins: from then on the time is counted anew.
 */
function settling(m: Municipality): Hold[] {
  const { id, settling: time, outgoingTestPassedOn } = m;
  if (time === undefined || !standsOrKept(m, 2)) return [];
  const mx = outgoingTestPassedOn === undefined ? [] : [`settling:${id}/mx`];
  return [`settling:${id}`, ...mx].map((held) => ({ id: held, ...time }));
}

function evidence(m: Municipality, stage: StageNumber): Gate['evidence'] {
  const facts: Evidence = stage === 0 ? {} : stageOf(stage).evidence(m);
  return Object.fromEntries(
    Object.keys(facts)
      .sort()
      .map((fact) => [fact, facts[fact] ?? null]),
  );
}

/**
 * The entries are let go in thought, one after the other in the order of their ends: an id is held by the one
 * whose going takes it away. So what two entries hold ends with the later, what needs both with the earlier.
 */
function holds(m: Municipality, declare: (m: Municipality) => Declared): Hold[] {
  const inOrder = [...m.kept].sort(byEnd);
  return inOrder.flatMap(({ since, until }, i) => {
    const without = new Set(elementIds(declare({ ...m, kept: inOrder.slice(i + 1) })));
    return elementIds(declare({ ...m, kept: inOrder.slice(i) }))
      .filter((id) => !without.has(id))
      .map((id) => ({ id, since, until }));
  });
}

/** Of two that end together the longer one comes last, whatever their order in the file. */
const byEnd = (a: Kept, b: Kept): number =>
  Date.parse(a.until) - Date.parse(b.until) || Date.parse(b.since) - Date.parse(a.since);
