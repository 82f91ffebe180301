import { decisionText } from '../config/decision.js';
import type { Kept, Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { relayLimit, type SizeLimited } from '../config/sizes.js';
import { mxMoved, spfListsRelay } from './dns.js';
import { municipalityFor, ofEachDomain } from './domains.js';
import type { Gate } from './elements.js';
import { evidenceOf } from './evidence.js';
import { stageOfDirection } from './flows.js';
import { mxMoves } from './moves.js';
import { firstRouted, isKeptStage, standsOrKept } from './kept.js';
import { withdrawn } from './ndb.js';
import { sendingDomains } from './relay.js';
import { possibleLocks } from './relay-lock.js';
import { byKey } from './sort.js';
import { testDigest } from './test-digest.js';
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
  evidence: evidence(m),
  declares: [...ids(m, state), ...settling(m).map(({ id }) => id), ...terms(m), ...instructed(m)].sort(),
  holds: [...holds(m, (asked) => ids(asked, declare(asked))), ...settling(m)].sort(byId),
  ...(m.order.validUntil === undefined ? {} : { validUntil: m.order.validUntil }),
  moves: mxMoves(m, p),
  ...(standsOrKept(m, firstRouted) && { tested: testDigest(m, p) }),
  ...(m.wayBackDespite && { wayBackDespite: decisionText(m.wayBackDespite) }),
  ...withdrawn(m),
  ...unrouted(m, p),
});

function unrouted(m: Municipality, p: Platform): Pick<Gate, 'unrouted'> {
  const locks = byKey(possibleLocks(m, p), ({ domain }) => [domain]);
  return locks.length === 0 ? {} : { unrouted: locks };
}

/**
 * Every id that is declared: of the elements, and of what stands in an element's value and must not go unseen
 * either. `sender:` is a domain under which the servers may send through the relay, `forwarding:` one of others that
 * their users forward, `spf_relay:` one whose SPF lists the relay, `relay_alias:` the address under which the servers
 * see the relay.
 */
const ids = (m: Municipality, state: Declared): string[] => [
  ...elementIds(state),
  ...sendingDomains(m).map((domain) => `sender:${domain}`),
  ...ofEachDomain(m)
    .filter(({ m: one, domain }) => domain.spf !== undefined && spfListsRelay(one))
    .map(({ domain }) => `spf_relay:${domain.name}`),
  ...(standsOrKept(m, stageOfDirection.ausgehend) ? (m.forwarding ?? []) : []).map(
    (name) => `forwarding:${name}`,
  ),
  ...(standsOrKept(m, 1) ? [`relay_alias:${m.network.link}/${m.network.relayAlias}`] : []),
];

/**
 * What the servers have to cope with of what the routes bring: the TLS, and bytes of the largest mail. Not held, so
 * that it can be changed while something is kept.
 */
function terms(m: Municipality): string[] {
  if (!standsOrKept(m, firstRouted)) return [];
  const limit = (from: SizeLimited): string => `route_limit:${from}/${relayLimit(m, from)}`;
  return [`route_tls:${m.tls}`, limit('internal'), limit('internet')];
}

/** Domains whose hoster is to have their MX name the relay: he does it when he finds the time, and no later deploy. */
const instructed = (m: Municipality): string[] =>
  ofEachDomain(m).flatMap(({ m: one, domain: { name, writer } }) =>
    writer === 'hoster' && mxMoved(one) ? `mx_hoster:${name}` : [],
  );

/**
 * The time after an edge is held like an element, so that it ends by the register's clock and by a deploy of its
 * own. The MX moves later than its stage begins: from then on the time is counted anew, until nothing of the stage is
 * kept. A day in the file from an earlier edge moves no MX, and may be taken out.
 */
function settling(m: Municipality): Hold[] {
  const { id, settling: time, domains } = m;
  if (time === undefined || !standsOrKept(m, 2)) return [];
  const mayBeMoved = (one: Municipality): boolean =>
    standsOrKept(one, 4) && one.outgoingTestPassedOn !== undefined;
  const mx = mayBeMoved(m) ? [`settling:${id}/mx`] : [];
  const own = domains
    .filter((domain) => domain.stage !== undefined && mayBeMoved(municipalityFor(m, domain)))
    .map(({ name }) => `settling:${id}/mx/${name}`);
  return [`settling:${id}`, ...mx, ...own].map((held) => ({ id: held, ...time }));
}

function evidence(m: Municipality): Gate['evidence'] {
  const facts = evidenceOf(m);
  return Object.fromEntries(
    Object.keys(facts)
      .sort()
      .map((fact) => [fact, facts[fact] ?? null]),
  );
}

/**
 * The entries are let go in thought, one after the other in the order of their ends: an id is held by the one
 * whose going takes it away. So what two entries hold ends with the later, what needs both with the earlier. What only
 * comes when one goes (a row of a server that joins, in place of the one it replaces) is not held.
 */
function holds(m: Municipality, idsOf: (m: Municipality) => string[]): Hold[] {
  const inOrder = [...m.kept].sort(byEnd);
  const declared = new Set(idsOf(m));
  return inOrder.flatMap(({ since, until }, i) => {
    const without = new Set(idsOf({ ...m, kept: inOrder.slice(i + 1) }));
    return idsOf({ ...m, kept: inOrder.slice(i) })
      .filter((id) => declared.has(id) && !without.has(id))
      .map((id) => ({ id, since, until }));
  });
}

/**
 * Of two that end together that of the lower stage comes last, which holds what the other needs, and began later: so
 * nothing is counted from the beginning of another. Then the longer one, whatever their order in the file.
 */
const byEnd = (a: Kept, b: Kept): number =>
  Date.parse(a.until) - Date.parse(b.until) ||
  stageOf(b) - stageOf(a) ||
  Date.parse(b.since) - Date.parse(a.since);

/** A replaced server needs what stage 1 brought. */
const stageOf = (kept: Kept): number => (isKeptStage(kept) ? kept.stage : 1);
