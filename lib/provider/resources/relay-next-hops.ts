import type { Diagnostic, FarEnds } from '../definition.js';
import { liveElements } from '../live.js';
import type { NextHop } from './next-hop.js';
import { declaresMap } from './reached.js';

/**
 * While mail flows, a server gets mail only after it could be reached: its translation and opening were recorded
 * by a deploy of their own, between which and the route it was tested. All in one deploy would send mail over a
 * path that nobody has tried.
 */
export async function refuseUntriedHops(
  before: readonly NextHop[],
  { owner, nextHops, softBounce }: { owner: string; nextHops: readonly NextHop[]; softBounce: boolean },
  farEnds: FarEnds,
): Promise<Diagnostic[]> {
  const isNew = (hop: NextHop): boolean => !before.some((old) => place(old) === place(hop));
  const added = nextHops.filter(isNew);
  if (added.length === 0 || farEnds.provider.register === undefined) return [];
  const { all } = await liveElements(farEnds.targets({ kind: 'register' }));
  const recorded = all
    .filter((row) => row.map === declaresMap && row.owner === owner)
    .flatMap(({ value }) => value);
  // Nothing is recorded of a route that was not made by a stage: an app of its own knows what it does.
  if (!recorded.some((id) => id.startsWith('relay_route:'))) return [];
  const untried = added.filter((hop) =>
    ['dnat_rule:', 'firewall_opening:'].some(
      (type) => !recorded.some((id) => id.startsWith(type) && id.endsWith(`/${place(hop)}`)),
    ),
  );
  if (untried.length === 0) return softBounce ? [] : [bouncesAtOnce(added)];
  return [
    {
      severity: 'error',
      summary: `Mail would go to ${named(untried)} over a path that was never tried`,
      detail:
        'Its translation and opening come in the same deploy. While mail flows a server is added beside the others first: npx mailversand server … add, deploy, connection test, npx mailversand server … tested, deploy.',
      attribute: 'next_hops',
      rule: 'gate-server-untried',
    },
  ];
}

const bouncesAtOnce = (added: readonly NextHop[]): Diagnostic => ({
  severity: 'error',
  summary: `What ${named(added)} refuses would bounce at once`,
  detail:
    'It gets mail for the first time, and the plan does not keep what is refused there: a mailbox that nobody has set up yet bounces. npx mailversand server … tested writes `settling` with the day of the test. Put it into the file, also where the server is only put back that somebody took out by hand, e.g. settling: { since: 2026-03-01T12:00:00Z, until: 2026-03-02T12:00:00Z }, and deploy.',
  attribute: 'next_hops',
  rule: 'gate-server-settling',
});

const named = (hops: readonly NextHop[]): string =>
  hops.map(({ address, port }) => `${address}:${port}`).join(', ');

/** As the ids of translation and opening end. */
const place = ({ address, port }: NextHop): string => `${address}/tcp/${port}`;
