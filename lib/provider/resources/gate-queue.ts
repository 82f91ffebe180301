import type { FarEnds } from '../definition.js';
import { refusal, type GateRule } from './gate-rule.js';

/** What a relay's queue holds for one domain. */
export interface Waiting {
  relay: string;
  domain: string;
  /** Recipients. */
  count: number;
}

export const quietQueue: GateRule = {
  id: 'gate-queue',
  why: 'A queue that grows says that the stage before does not carry the mail; the next one would send more.',
  remedy:
    'Find out by postqueue -p on the relay why mail waits. The limit is queueLimit in the platform file; below it the count is shown as a warning.',
  check: ({ waiting, queueLimit }) =>
    waiting
      .filter(({ count }) => count > 0)
      .map(({ relay, domain, count }) => {
        const what = `${relay} holds mail for ${count} recipients of ${domain}`;
        const detail = `Before an edge forwards at most ${queueLimit} may wait (queueLimit in the platform file). \`postqueue -p\` on the relay shows why they wait. Put that right, let them be delivered, and deploy again.`;
        const refused = refusal(quietQueue.id, 'stage', what, detail);
        return count > queueLimit ? refused : { ...refused, severity: 'warning' };
      }),
};

/** How many recipients the relays hold mail for, of each domain that is routed. */
export async function queued(declares: ReadonlySet<string>, farEnds: FarEnds): Promise<Waiting[]> {
  const routes = [...declares].flatMap((id) => {
    const [, relay, domain] = /^relay_route:([^/]+)\/([^/]+)$/.exec(id) ?? [];
    return relay === undefined || domain === undefined ? [] : { relay, domain };
  });
  return Promise.all(
    routes.map(async ({ relay, domain }) => ({ relay, domain, count: await farEnds.queue(relay, domain) })),
  );
}
