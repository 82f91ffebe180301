import type { Diagnostic } from '../definition.js';
import { domainEdges } from './domain-edges.js';
import { list, plannedEnd, refusal, refusedWhile, second, type Edge, type GateRule } from './gate-rule.js';

// A domain that joins or leaves while the mail of the others flows.

export const domainOneStep: GateRule = {
  id: 'gate-domain-step',
  why: 'A domain that is added or goes while mail flows has a cut-over of its own, one stage after the other.',
  remedy: 'npx mailversand domain writes each of its edges; deploy, then the next.',
  check: (edge) =>
    domainEdges(edge.reached, edge)
      // A municipality that leaps is told so once.
      .filter(({ from, to }) => Math.abs(to - from) > 1 && Math.abs(edge.stage - edge.reached.stage) <= 1)
      .map(({ domain, from, to }) => {
        const next = from + Math.sign(to - from);
        return refusal(
          domainOneStep.id,
          'declares',
          `${domain} stands at stage ${from}, and ${to} is not one step from there`,
          from === 0
            ? `A domain that is added while mail flows begins at stage 0 (\`stage: 0\` in its entry), whatever the others have reached: npx mailversand domain ${edge.municipality} add. Then: npx mailversand domain ${edge.municipality} stage ${domain} 1`
            : `Go to stage ${next} first: npx mailversand domain ${edge.municipality} stage ${domain} ${next}`,
        );
      }),
};

/** Facts that an edge forward rests on: all of them where the municipality goes, those of the domains that go by themselves. */
export function factsOf(edge: Edge): string[] {
  const facts = Object.keys(edge.evidence).sort();
  if (edge.stage > edge.reached.stage) return facts;
  const forward = domainEdges(edge.reached, edge).filter(({ from, to }) => to > from);
  return facts.filter((fact) => forward.some(({ domain }) => fact.startsWith(`domains[${domain}].`)));
}

/** Whether the municipality or one of its domains goes forward. */
export const goesForward = (edge: Pick<Edge, 'stage' | 'declares' | 'holds' | 'reached'>): boolean =>
  edge.stage > edge.reached.stage || domainEdges(edge.reached, edge).some(({ from, to }) => to > from);

/** Who would go forward, and whither, for a message; where no stage is entered, whose MX would move to the relay. */
export function whoMoves({ municipality, stage, reached, cutovers, ...edge }: Edge): string {
  if (stage !== reached.stage) return `${municipality} may not go to stage ${stage}`;
  const domains = domainEdges(reached, edge).filter(({ from, to }) => to > from);
  const entered = domains.map(({ domain, to }) => `${domain} may not go to stage ${to}`);
  const moved = cutovers
    .filter(({ move }) => move.towards === 'relay')
    .map(({ move }) => `The MX of ${move.domain} may not move`);
  return [...entered, ...moved].join(', ');
}

export const spfOutlivesSenders: GateRule = {
  id: 'gate-spf-early',
  why: 'What the municipality sent may lie in the relay’s queue: receivers refuse it once SPF does not name the relay.',
  remedy:
    'Take the permission to send away first, by npx mailversand stage with --drop-kept, which lengthens what SPF rests on; the relay leaves SPF a queue lifetime later, by a deploy of its own. Where routing becomes partial, wait for that long with npx mailversand deploy --wait.',
  check: (edge) => {
    const { municipality, declares, holds, reached, senderQueueLifetime, now } = edge;
    const earliest = new Date(Date.parse(second(now)) + senderQueueLifetime * 1000);
    const early = [...reached.declares].sort().flatMap((id) => {
      if (!id.startsWith('sender:') || declares.has(id)) return [];
      const domain = id.slice('sender:'.length);
      const spf = `spf_relay:${domain}`;
      if (!reached.declares.has(spf)) return [];
      if (!declares.has(spf)) return [`${domain}: with this deploy`];
      const hold = holds.find((held) => held.id === spf);
      const end = hold && plannedEnd(hold, edge);
      return end && end < earliest ? [`${domain}: ${second(end)}, not before ${second(earliest)}`] : [];
    });
    return early.length === 0
      ? leavesSpfUnkept(edge)
      : [
          refusal(
            spfOutlivesSenders.id,
            'holds',
            tooEarly(municipality),
            `With this deploy its servers may no longer send; what they sent may wait in the relay’s queue for ${senderQueueLifetime} s:\n${list(early)}\nPut the entries of kept that were taken out back into the file, then: npx mailversand stage ${municipality} --drop-kept`,
          ),
        ];
  },
};

const tooEarly = (municipality: string): string =>
  `The relay would leave the SPF record of ${municipality} too early`;

/**
 * Where `routing` becomes partial the relay leaves SPF without having been kept there. Nobody knows when the permission
 * to send went, only that the last deploy was not before.
 */
function leavesSpfUnkept({ municipality, declares, reached, senderQueueLifetime, now }: Edge): Diagnostic[] {
  const kept = new Set(reached.holds.map(({ id }) => id));
  const gone = [...reached.declares].filter(
    (id) =>
      id.startsWith('spf_relay:') &&
      !declares.has(id) &&
      !kept.has(id) &&
      // Without `spf` in the file the record is only let go, with the relay in it.
      declares.has(id.replace('spf_relay:', 'spf:')),
  );
  const end = new Date((Date.parse(reached.recordedAt ?? '') || 0) + senderQueueLifetime * 1000);
  const waits = gone.sort().map((id) => ({ what: id.slice('spf_relay:'.length), until: second(end) }));
  return refusedWhile(
    now < end ? waits : [],
    spfOutlivesSenders.id,
    'declares',
    `${tooEarly(municipality)}, until ${second(end)}`,
    `Its servers may have sent until the last deploy, and what they sent may wait in the relay’s queue for ${senderQueueLifetime} s. Wait with npx mailversand deploy --wait, or put \`routing\` in ${municipality}.yaml back to what it was; a way back in the same file can then be deployed at once.`,
  );
}
