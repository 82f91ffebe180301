import { isToCome } from '../decision.js';
import type { Diagnostic } from '../definition.js';
import { cutoverGateRules } from './cutover/as-gate-rules.js';
import { splitOrder } from './firewall-opening.js';
import { begunUnkept, howToGoBack } from './gate-begun.js';
import { quietQueue } from './gate-queue.js';
import { keptNoShorter, oneName, registerThere, stateThere } from './gate-record-rules.js';
import { domainEdges } from './domain-edges.js';
import { domainOneStep, factsOf, spfOutlivesSenders, whoMoves } from './gate-domain-rules.js';
import { list, refusal, refusedWhile, second, type Edge, type GateRule } from './gate-rule.js';
import { termsTested } from './gate-route-terms.js';
import { settledOnceMoved, settles } from './gate-settling.js';
import { clientSilent, listenerSilent, ndbWithdrawn } from './gate-silence.js';
import { earliestEnd, type Reached } from './reached.js';
import { isPast } from './valid-until.js';

const oneStep: GateRule = {
  id: 'gate-one-step',
  why: 'What a stage prepares must be live before the next one sends mail over it.',
  remedy: 'Go one stage after the other: npx mailversand stage, then deploy, then the next.',
  check: ({ municipality, stage, reached }) =>
    Math.abs(stage - reached.stage) <= 1
      ? []
      : [
          refusal(
            oneStep.id,
            'stage',
            `${municipality} stands at stage ${reached.stage}, and ${stage} is not one step from there`,
            `The register says that stage ${reached.stage} was reached last. ${toOneStep(municipality, stage, reached)}, deploy, and so on.`,
          ),
        ],
};

/** Back from edges that were written too soon: the commands take out of kept what they wrote, and nothing else. */
function toOneStep(municipality: string, stage: number, reached: Reached): string {
  const command = (to: number): string => `npx mailversand stage ${municipality} ${to}`;
  if (stage < reached.stage) {
    const between = Array.from({ length: reached.stage - 1 - stage }, (_, i) => command(stage + 1 + i));
    return `Go forward in ${municipality}.yaml again, up to one step from there: ${between.join(', ')}`;
  }
  return `Write \`stage: ${reached.stage}\` into ${municipality}.yaml again, and under kept what stood there then; from there ${command(reached.stage + 1)}`;
}

const evidence: GateRule = {
  id: 'gate-evidence',
  why: 'An edge forward rests on facts: an approval, a passed test, a confirmed report.',
  remedy: 'Write what is named into the municipality’s file, once it is so.',
  check: (edge) => {
    const missing = factsOf(edge).filter((fact) => edge.evidence[fact] === '');
    return missing.length === 0
      ? []
      : [
          refusal(
            evidence.id,
            'evidence',
            `${whoMoves(edge)} yet: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
            `Write into ${edge.municipality}.yaml, once it is so:\n${list(missing)}\nThen deploy again.`,
          ),
        ];
  },
};

const happened: GateRule = {
  id: 'gate-evidence-future',
  why: 'A day that has not come is a plan and no fact.',
  remedy: 'Correct the day in the municipality’s file, or wait for it.',
  check: (edge) => {
    const { evidence: facts, now } = edge;
    const tomorrow = factsOf(edge).filter((fact) => isDay(facts[fact]) && isToCome(facts[fact] ?? '', now));
    return tomorrow.length === 0
      ? []
      : [
          refusal(
            happened.id,
            'evidence',
            `${whoMoves(edge)} on what has not happened yet`,
            `${list(tomorrow.map((fact) => `${fact} is ${facts[fact] ?? ''}`))}\nToday is ${second(now).slice(0, 10)}. Correct the day in ${edge.municipality}.yaml, or wait for it.`,
          ),
        ];
  },
};

const isDay = (fact: string | undefined): boolean => /^\d{4}-\d\d-\d\d$/.test(fact ?? '');

const notExpired: GateRule = {
  id: 'gate-expired',
  why: 'Nothing new is built on an approval that has ended; what is open stays open.',
  remedy: 'Have it extended, write its new end into the file, deploy that, then go on.',
  check: (edge) => {
    const { validUntil, reached, held, now } = edge;
    const planned = validUntil === undefined ? [] : [{ id: 'order.validUntil in the file', validUntil }];
    const live = held.flatMap(({ id, element }) => {
      const { validUntil: end } = id.startsWith('firewall_opening:') ? splitOrder(element.order ?? '') : {};
      return end === undefined ? [] : [{ id, validUntil: end }];
    });
    const ended = [...planned, ...live]
      .filter((approval) => isPast(approval.validUntil, now))
      .map((approval) => `${approval.id}, valid until ${approval.validUntil}`);
    return !edge.forwards || ended.length === 0
      ? []
      : [
          refusal(
            notExpired.id,
            'stage',
            `${whoMoves(edge)}: an approval has ended`,
            `${list(ended)}\nHave it extended, write its new end into the file, deploy that at stage ${reached.stage}, then go on.`,
          ),
        ];
  },
};

const finishedEdge: GateRule = {
  id: 'gate-unfinished-edge',
  why: 'What an interrupted edge left behind would belong to no stage and never be taken away.',
  remedy:
    'Deploy the same edge again, or go back from it by npx mailversand stage or domain, which write kept; then the next one.',
  check: (edge) => {
    const { municipality, stage, reached, declares, held } = edge;
    const stray = held.map(({ id }) => id).filter((id) => !declares.has(id) && !reached.declares.has(id));
    const moves = stage !== reached.stage || domainEdges(reached, edge).length > 0;
    return !moves || stray.length === 0
      ? []
      : [
          refusal(
            finishedEdge.id,
            'declares',
            `${municipality} has an edge that was begun and not finished`,
            `Live, and declared neither by stage ${reached.stage} nor by this plan:\n${list(stray)}\nDeploy the same edge again; or write it again and go back from it by npx mailversand stage or domain, which write kept, and deploy that; then this one. What neither declares is left of an earlier kept: put that entry back into the file, deploy, and take it out again.`,
          ),
        ];
  },
};

const keptLongEnough: GateRule = {
  id: 'gate-kept',
  why: 'What senders, partners or queues may still use stays until they cannot any more.',
  remedy: 'Leave the entry under kept in the file until its end.',
  check: ({ municipality, declares, reached, now }) => {
    const early = reached.holds.filter((hold) => !declares.has(hold.id) && now < earliestEnd(hold));
    const waits = early.map((hold) => ({ what: hold.id, until: second(earliestEnd(hold)) }));
    const [end = ''] = waits
      .map(({ until }) => until)
      .sort()
      .reverse();
    return refusedWhile(
      waits,
      keptLongEnough.id,
      'holds',
      `${municipality} keeps what may still be used, until ${end}`,
      `It was recorded as kept, and the plan takes it away before its time. Put the entry (kept, settling) back into ${municipality}.yaml; npx mailversand stage ${municipality} says what is due, and takes it out with --drop-kept or --settled.`,
    );
  },
};

const keptAtAll: GateRule = {
  id: 'gate-kept-missing',
  why: 'Going back, or replacing a server, takes nothing away at once that carries mail.',
  remedy:
    'Go back by npx mailversand stage, which writes kept; servers and domains change by npx mailversand server and domain. What is over of kept goes by a deploy of its own, at stage 1 before the edge to stage 0. Relay, gateway, link and alias change at stage 1, when nothing is kept.',
  check: (edge) => {
    const { municipality } = edge;
    const gone = goneUnkept(edge);
    const begun = begunUnkept(edge);
    const lost = [...new Set([...gone, ...begun])].sort();
    return lost.length === 0
      ? []
      : [
          refusal(
            keptAtAll.id,
            'declares',
            `${municipality} would lose at once what may still be used`,
            `${list(lost)}\nIt has to be kept for a while. ${gone.length > 0 ? howToKeep(edge) : howToGoBack(edge, begun)}`,
          ),
        ];
  },
};

/** What the register has, neither kept nor declared any more. */
function goneUnkept({ reached, declares, carriesMail }: Edge): string[] {
  const recorded = [...reached.declares];
  // Before the first route nothing has carried mail.
  if (!recorded.some((id) => id.startsWith('relay_route:'))) return [];
  const held = new Set(reached.holds.map(({ id }) => id));
  return recorded.filter((id) => !declares.has(id) && !held.has(id) && carriesMail(id));
}

/** What keeps what would go: for each kind of change another command. */
function howToKeep(edge: Edge): string {
  const { municipality, stage, reached } = edge;
  if (stage < reached.stage) {
    const again = `Write \`stage: ${reached.stage}\` into ${municipality}.yaml again`;
    // At stage 1 nothing is left to keep but what was kept, and that goes first.
    return reached.stage === 1
      ? `${again}, without kept if its time is over, and deploy that first; then npx mailversand stage ${municipality} 0, and deploy.`
      : `${again}; from there npx mailversand stage ${municipality} ${reached.stage - 1} writes kept, too.`;
  }
  const back = domainEdges(reached, edge).filter(({ from, to }) => to < from);
  return back.length > 0
    ? back
        .map(
          ({ domain, from }) =>
            `${domain} goes back edge by edge, each deployed, before it is removed: npx mailversand domain ${municipality} stage ${domain} ${from - 1}`,
        )
        .join('\n')
    : `A server is added beside the old ones, tested, and only then the old one goes: npx mailversand server ${municipality}. Relay, gateway, link and alias have no place beside the old ones: they change at stage 1, when nothing is kept. Go back to it first: npx mailversand stage ${municipality} ${stage - 1}`;
}

/** In the order in which a person wants to read them. */
export const gateRules: readonly GateRule[] = [
  registerThere,
  oneName,
  oneStep,
  domainOneStep,
  evidence,
  happened,
  notExpired,
  stateThere,
  finishedEdge,
  keptLongEnough,
  keptNoShorter,
  keptAtAll,
  termsTested,
  settles,
  settledOnceMoved,
  spfOutlivesSenders,
  clientSilent,
  listenerSilent,
  ndbWithdrawn,
  quietQueue,
  ...cutoverGateRules,
];

/** Taking a municipality out of the project. */
export function refuseDestroy(municipality: string, reached: Reached): Diagnostic[] {
  if (reached.stage <= 1 && reached.holds.length === 0) return [];
  const why = reached.stage > 1 ? `it stands at stage ${reached.stage}` : 'something is still kept';
  return [
    refusal(
      'gate-destroy',
      'municipality',
      `${municipality} cannot be destroyed: ${why}`,
      'Its mail would be lost. Go back to stage 1 edge by edge, and let what is kept end. Was only a construct renamed? Then move the state: `state mv OLD NEW`.',
    ),
  ];
}
