import type { SizeLimited } from '../../config/sizes.js';
import { notRecent } from './cutover/tested.js';
import { list, refusal, type GateRule } from './gate-rule.js';

/** Larger mail, or a stricter TLS, is the servers' to cope with; what is smaller or laxer asks nothing of them. */
export const termsTested: GateRule = {
  id: 'gate-limits-untested',
  why: 'What a server does not take for its size bounces; one that cannot encrypt gets no mail at all, and after days it goes back to its senders.',
  remedy:
    'With the new limits or tls in the file run npx mailversand anbindungstest, which asks the servers for them and records that it was passed; then deploy. As a deploy of its own, at the stage that is reached.',
  check: ({ municipality, declares, reached, ...edge }) => {
    const harder = [...harderTls(reached.declares, declares), ...largerLimits(reached.declares, declares)];
    const found = harder.length === 0 ? [] : notRecent(edge.connectionTest, edge.tested, edge);
    return found.map((what) =>
      refusal(
        termsTested.id,
        'tested',
        `The servers of ${municipality} would get what they were not tested for`,
        `${list(harder)}\nThe connection test that shows it: ${what}.\nRun npx mailversand anbindungstest ${municipality} with the file as it is, which records that it was passed; then deploy. Is there an edge in it too, take that out first: the test is of stage ${reached.stage}. What the test finds stands against it: put \`limits\` and \`tls\` back until that is mended.`,
      ),
    );
  },
};

const harderTls = (before: ReadonlySet<string>, after: ReadonlySet<string>): string[] =>
  before.has('route_tls:may') && after.has('route_tls:encrypt') ? ['tls: encrypt instead of may'] : [];

const largerLimits = (before: ReadonlySet<string>, after: ReadonlySet<string>): string[] =>
  (['internal', 'internet'] as const).flatMap((from) => {
    const [was, is] = [limitIn(before, from), limitIn(after, from)];
    return was !== undefined && is !== undefined && is > was
      ? [`mail ${words[from]} of up to ${is} bytes instead of ${was}`]
      : [];
  });

const words: Record<SizeLimited, string> = { internal: 'from inside', internet: 'from the Internet' };

/** Bytes of the largest mail that a municipality's routes take; undefined: none was declared. */
export function limitIn(declares: ReadonlySet<string>, from: SizeLimited): number | undefined {
  const start = `route_limit:${from}/`;
  const [limit] = [...declares].filter((id) => id.startsWith(start));
  return limit === undefined ? undefined : Number(limit.slice(start.length));
}
