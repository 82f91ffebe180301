import { isInForce } from '../decision.js';
import { defineResource, type Diagnostic, type FarEnds } from '../definition.js';
import { liveElements } from '../live.js';
import { passedTest } from '../passed-tests.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { declares, holds, municipality, owner, stage, validUntil } from './common.js';
import { besideRules } from './cutover/beside-rules.js';
import { lookAtMoves, movesPending } from './cutover/look.js';
import { moves, parseMove } from './cutover/move.js';
import { notTakenBack } from './cutover/old-path.js';
import { recordOverride } from './cutover/override.js';
import { observeAndRecord } from './cutover/recorded.js';
import { carriesMail, heldBy, objections, type LiveNow } from './declared.js';
import { domainEdges } from './domain-edges.js';
import { goesForward } from './gate-domain-rules.js';
import { queued } from './gate-queue.js';
import { refusal } from './gate-rule.js';
import { gateRules, refuseDestroy } from './gate-rules.js';
import { otherNamesOf, readReached, type Hold } from './reached.js';
import { askLocks, lockWarnings, unrouted } from './relay-lock.js';
import { measure, recordedSilence, unmeasured, usedAlone } from './silence.js';

interface Planned {
  municipality: string;
  owner: string;
  stage: number;
  evidence: Readonly<Record<string, string>>;
  declares: readonly string[];
  holds: readonly Hold[];
  validUntil?: string | undefined;
  moves: readonly Parameters<typeof parseMove>[0][];
  wayBackDespite?: string | undefined;
  withdrawn?: Readonly<Record<string, string>> | undefined;
  tested?: string | undefined;
  unrouted?: readonly { readonly relay: string; readonly domain: string }[] | undefined;
}

/** Lets a municipality's edge through, or not. */
export const migrationGate = defineResource({
  type: 'migration_gate',
  doc: 'The gate before an edge. Every other resource of the municipality depends on it: it refuses while planning, and again as the first thing applied. What it compares with is the stage that `landesnetz_migration_stage` recorded in the register.',
  attributes: {
    municipality,
    owner,
    stage,
    evidence: {
      type: { map: 'string' },
      doc: 'Facts that the edge into this stage rests on; an empty one is missing and refuses the edge forwards.',
    },
    declares,
    holds,
    validUntil,
    moves,
    wayBackDespite: {
      type: 'string',
      optional: true,
      doc: 'Decision to let an MX go back to a server that was not seen to take mail: day and reference, a blank between. It counts on its day and the next, and is recorded in the register.',
      check: checks.decision,
    },
    withdrawn: {
      type: { map: 'string' },
      optional: true,
      doc: 'Where nothing of the NdB’s stage is kept any more: each domain of which the NdB has confirmed that it is withdrawn, with the day.',
    },
    unrouted,
    tested: {
      type: 'string',
      optional: true,
      doc: 'Digest that a passed connection test must bear, before larger mail or a stricter TLS goes to the servers.',
      check: checks.testDigest,
    },
    edge: {
      type: 'string',
      computed: true,
      doc: 'The edge it let through last, as `1-2`. As long as that is not finished, every deploy asks the gate again.',
    },
  },
  example: {
    municipality: 'musterstadt',
    owner: '15084490',
    stage: 2,
    evidence: { connectionTestPassedOn: '2025-04-01' },
    declares: ['relay_route:relay1/musterstadt.example'],
    holds: [],
    moves: [
      {
        domain: 'musterstadt.example',
        towards: 'municipality',
        relay: 'relay1',
        to: 'mail.musterstadt.example',
        from: 'mx1.landesnetz.example',
        loweredTtl: 300,
        mxTtl: 3600,
        spfTtl: 3600,
        spf: 'ip4:203.0.113.10',
        spfWritten: 'v=spf1 ip4:203.0.113.10 mx -all',
        tested: 'ba7816bf8f01cfea414140de5dae2223',
      },
    ],
    tested: 'ba7816bf8f01cfea414140de5dae2223',
  },
  elements: () => [],
  fromElements: () => undefined,
  check: async ({ prior, proposed, farEnds }) => {
    if (proposed) return askGate(proposed, prior !== undefined, farEnds);
    return prior ? refuseDestroy(prior.municipality, await readReached(farEnds, prior.municipality)) : [];
  },
  outdated: async ({ proposed, farEnds }) => {
    const reached = await readReached(farEnds, proposed.municipality);
    return (
      reached.stage !== proposed.stage ||
      domainEdges(reached, { ...proposed, declares: new Set(proposed.declares) }).length > 0 ||
      (await movesPending(
        proposed.municipality,
        proposed.moves.map(parseMove),
        new Set(proposed.declares),
        farEnds,
      ))
    );
  },
  applying: async ({ proposed: { municipality, owner, declares, moves, wayBackDespite }, farEnds }) => {
    // What the servers show before anything changes: nobody could say later how long the old was cached.
    if (moves.length > 0) await observeAndRecord(owner, moves, farEnds);
    if (wayBackDespite === undefined || !isInForce(wayBackDespite, farEnds.now())) return;
    const { pending } = await lookAtMoves(municipality, moves.map(parseMove), new Set(declares), farEnds);
    const back = pending.filter(({ move }) => move.towards === 'municipality');
    // Only what was needed is recorded.
    if (back.some((cutover) => notTakenBack(cutover).length > 0))
      await recordOverride(municipality, owner, wayBackDespite, farEnds);
  },
  compute: async ({ prior, proposed, farEnds }) => {
    const reached = await readReached(farEnds, proposed.municipality);
    const isEdge = reached.stage !== proposed.stage || prior?.edge === undefined;
    return { edge: isEdge ? `${reached.stage}-${proposed.stage}` : prior.edge };
  },
});

/** What stands against an edge now, errors and warnings. */
export async function askGate(planned: Planned, hasState: boolean, farEnds: FarEnds): Promise<Diagnostic[]> {
  const { municipality, owner } = planned;
  const reached = await readReached(farEnds, municipality);
  const declared = new Set(planned.declares);
  const plan = { ...planned, declares: declared };
  const looked = await lookAtMoves(municipality, planned.moves.map(parseMove), declared, farEnds);
  const { pending: cutovers } = looked;
  const forwards = goesForward({ ...plan, reached }) || cutovers.some(({ move }) => move.towards === 'relay');
  const leaving = [...reached.declares].filter((id) => !declared.has(id));
  const register = await liveElements(farEnds.targets({ kind: 'register' }));
  // Going back must be possible while a relay is down: it is then that it is needed.
  const { held, silent } = await heldBy(owner, [...reached.declares, ...declared], farEnds, {
    everyRelay: true,
    silentRelays: !reached.recorded ? 'none' : forwards ? 'unnamed' : 'all',
  });
  const silentRelays = silent.filter(({ kind }) => kind === 'relay').map(({ name }) => name);
  const answering = (planned.unrouted ?? []).filter(({ relay }) => !silentRelays.includes(relay));
  const used = usedAlone(leaving, declared);
  const measured = await measure(used, held, farEnds);
  const edge = {
    ...plan,
    validUntil: planned.validUntil,
    hasState,
    reached,
    otherNames: await otherNamesOf(owner, municipality, farEnds),
    held,
    carriesMail,
    tested: planned.tested,
    connectionTest: passedTest(register, municipality, 'anbindungstest'),
    testValidity: farEnds.provider.limits.testValidity,
    cutovers,
    atRelays: looked.all.filter(({ move }) => move.towards === 'relay'),
    leaving: measured,
    unmeasured: silent.length === 0 ? [] : unmeasured(used, measured),
    silent: recordedSilence(register, municipality),
    silenceTime: farEnds.provider.limits.silenceTime,
    withdrawn: planned.withdrawn ?? {},
    waiting:
      planned.stage < reached.stage ? [] : await queued(reached.declares, forwards, farEnds, silentRelays),
    forwards,
    queueLimit: farEnds.provider.limits.queueLimit,
    senderQueueLifetime: farEnds.provider.limits.senderQueueLifetime,
    now: farEnds.now(),
  };
  const found = [
    ...silent.map(unasked),
    ...gateRules.flatMap((rule) => rule.check(edge)),
    ...(await besideRules(looked, reached, plan, farEnds.vantage)),
    ...lockWarnings(municipality, await askLocks(answering, farEnds)),
  ];
  if (found.some(({ severity }) => severity === 'error')) return found;
  return [...found, ...(await objections(leaving, farEnds))];
}

const unasked = ({ kind, name, why }: LiveNow['silent'][number]): Diagnostic => ({
  ...refusal(
    'gate-relay-silent',
    'declares',
    `${kind} ${name} does not answer, and nothing is known of what it holds`,
    `${why}\nNothing new begins, so the gate does not refuse for it. What it still holds is looked at with the next deploy.`,
  ),
  severity: 'warning',
});

export class MigrationGate extends terraformClass(migrationGate) {}
