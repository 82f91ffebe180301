import type { Diagnostic } from '../definition.js';
import type { Held } from './declared.js';
import { splitOrder } from './firewall-opening.js';
import { earliestEnd, type Reached } from './reached.js';
import { isPast } from './valid-until.js';

/** What the gate looks at. */
export interface Edge {
  municipality: string;
  /** The stage that is planned. */
  stage: number;
  evidence: Readonly<Record<string, string>>;
  /** What the plan declares. */
  declares: ReadonlySet<string>;
  /** What the register says. */
  reached: Reached;
  /** Everything of this owner that is live; looked up only where the stage changes. */
  held: readonly Held[];
  carriesMail: (id: string) => boolean;
  now: Date;
}

/** One reason to refuse an edge, with the sentence that justifies it. */
export interface GateRule {
  id: string;
  why: string;
  check: (edge: Edge) => Diagnostic[];
}

const refusal = (rule: string, attribute: string, summary: string, detail: string): Diagnostic => ({
  severity: 'error',
  summary,
  detail,
  attribute,
  rule,
});

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

const second = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

const oneStep: GateRule = {
  id: 'gate-one-step',
  why: 'What a stage prepares must be live before the next one sends mail over it.',
  check: ({ municipality, stage, reached }) =>
    Math.abs(stage - reached.stage) <= 1
      ? []
      : [
          refusal(
            oneStep.id,
            'stage',
            `${municipality} stands at stage ${reached.stage}, and ${stage} is not one step from there`,
            `The register says that stage ${reached.stage} was reached last. Go to stage ${reached.stage + Math.sign(stage - reached.stage)} first: npx mailversand stage ${municipality} ${reached.stage + Math.sign(stage - reached.stage)}`,
          ),
        ],
};

const evidence: GateRule = {
  id: 'gate-evidence',
  why: 'An edge forward rests on facts: an approval, a passed test, a confirmed report.',
  check: ({ municipality, stage, reached, evidence: facts }) => {
    const missing = Object.keys(facts)
      .filter((fact) => facts[fact] === '')
      .sort();
    return stage <= reached.stage || missing.length === 0
      ? []
      : [
          refusal(
            evidence.id,
            'evidence',
            `${municipality} may not go to stage ${stage} yet: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
            `Write into the municipality’s file, once it is so:\n${list(missing)}`,
          ),
        ];
  },
};

const notExpired: GateRule = {
  id: 'gate-expired',
  why: 'Nothing new is built on an approval that has ended; what is open stays open.',
  check: ({ municipality, stage, reached, held, now }) => {
    const ended = held.flatMap(({ id, element }) => {
      const { validUntil } = id.startsWith('firewall_opening:') ? splitOrder(element.order ?? '') : {};
      return validUntil !== undefined && isPast(validUntil, now) ? [`${id}, valid until ${validUntil}`] : [];
    });
    return stage <= reached.stage || ended.length === 0
      ? []
      : [
          refusal(
            notExpired.id,
            'stage',
            `${municipality} may not go to stage ${stage}: an approval has ended`,
            `${list(ended)}\nHave it extended, write its new end into the file, deploy that at stage ${reached.stage}, then go on.`,
          ),
        ];
  },
};

const finishedEdge: GateRule = {
  id: 'gate-unfinished-edge',
  why: 'What an interrupted edge left behind would belong to no stage and never be taken away.',
  check: ({ municipality, stage, reached, declares, held }) => {
    const stray = held.map(({ id }) => id).filter((id) => !declares.has(id) && !reached.declares.has(id));
    return stage === reached.stage || stray.length === 0
      ? []
      : [
          refusal(
            finishedEdge.id,
            'declares',
            `${municipality} has an edge that was begun and not finished`,
            `Live, and declared neither by stage ${reached.stage} nor by this plan:\n${list(stray)}\nDeploy the same edge again, or go back to stage ${reached.stage} and deploy that; then this one.`,
          ),
        ];
  },
};

const keptLongEnough: GateRule = {
  id: 'gate-kept',
  why: 'What senders, partners or queues may still use stays until they cannot any more.',
  check: ({ municipality, declares, reached, now }) => {
    const early = reached.holds.filter((hold) => !declares.has(hold.id) && now < earliestEnd(hold));
    const end = new Date(Math.max(...early.map((hold) => earliestEnd(hold).getTime())));
    return early.length === 0
      ? []
      : [
          refusal(
            keptLongEnough.id,
            'holds',
            `${municipality} keeps what may still be used, until ${second(end)}`,
            `${list(early.map((hold) => `${hold.id}, until ${second(earliestEnd(hold))}`))}\nIt was recorded as kept, and the plan takes it away before its time. Leave the entry under kept in the file until then.`,
          ),
        ];
  },
};

const keptAtAll: GateRule = {
  id: 'gate-kept-missing',
  why: 'Going back, or replacing a server, takes nothing away at once that carries mail.',
  check: ({ municipality, stage, reached, declares, carriesMail }) => {
    const recorded = [...reached.declares];
    // Before the first route nothing has carried mail.
    if (!recorded.some((id) => id.startsWith('relay_route:'))) return [];
    const held = new Set(reached.holds.map(({ id }) => id));
    const gone = recorded.filter((id) => !declares.has(id) && !held.has(id) && carriesMail(id)).sort();
    return gone.length === 0
      ? []
      : [
          refusal(
            keptAtAll.id,
            'declares',
            `${municipality} would lose at once what may still be used`,
            `${list(gone)}\nIt has to be kept for a while. ${
              stage < reached.stage
                ? `Run npx mailversand stage ${municipality} ${stage}, which writes kept into the file.`
                : 'Name the old server under kept in the file.'
            }`,
          ),
        ];
  },
};

/** In the order in which a person wants to read them. */
export const gateRules: readonly GateRule[] = [
  oneStep,
  evidence,
  notExpired,
  finishedEdge,
  keptLongEnough,
  keptAtAll,
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
