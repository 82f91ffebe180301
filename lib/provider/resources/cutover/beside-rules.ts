import type { Diagnostic } from '../../definition.js';
import type { Vantage } from '../../vantage.js';
import { mxStage, stageOfDomainIn, type Side } from '../domain-edges.js';
import type { Evidence } from './cutover.js';
import type { Looked } from './look.js';
import { closesWayBack, sendersLeave } from './senders-leave.js';
import { spfWrittenWithinLimits } from './spf-written.js';

/** What the gate says of MXs and SPF records that is about no move of this deploy, or refuses none. */
export async function besideRules(
  { all, made, awaited, pending }: Looked,
  reached: Side & { stage: number },
  planned: Side & { stage: number },
  vantage: Pick<Vantage, 'spfCost'>,
): Promise<Diagnostic[]> {
  const stages = ({ move: { domain } }: Evidence): [from: number, to: number] => [
    stageOfDomainIn(reached, domain),
    stageOfDomainIn(planned, domain),
  ];
  const goesBack = (evidence: Evidence): boolean => {
    const [from, to] = stages(evidence);
    return planned.stage < reached.stage || to < from;
  };
  const back = pending.filter(({ move }) => move.towards === 'municipality');
  const written = await Promise.all(all.map((one) => spfWrittenWithinLimits(one, goesBack(one), vantage)));
  return [
    ...awaited.map(notMovedYet),
    ...back.filter((one) => stages(one).every((stage) => stage === mxStage)).map(turnsBack),
    ...all.filter(({ move }) => move.towards === 'relay').flatMap(closesWayBack),
    ...made.filter(({ move }) => move.towards === 'municipality').flatMap(sendersLeave),
    ...written.flat(),
  ];
}

const notMovedYet = ({ move: { domain } }: Evidence): Diagnostic => ({
  severity: 'warning',
  summary: `The hoster has not moved the MX of ${domain} yet`,
  detail:
    'An earlier deploy let it move. What stands against it now, npx mailversand hosterblatt says, which also prints the instruction again; npx mailversand beobachten shows what the servers have.',
  attribute: 'moves',
  rule: 'mx-awaited',
});

const turnsBack = ({ move: { domain } }: Evidence): Diagnostic => ({
  severity: 'warning',
  summary: `The MX of ${domain} goes back with this deploy, though its stage stays`,
  detail:
    'Its servers name the relay, and the file has no outgoingTestPassedOn for it any more. Is only another domain meant, put the day back and let that one go back alone: npx mailversand domain, stage 3.',
  attribute: 'moves',
  rule: 'mx-turns-back',
});
