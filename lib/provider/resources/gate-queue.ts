import { setTimeout as sleep } from 'node:timers/promises';
import type { FarEnds } from '../definition.js';
import { type Element, RefusedError, UnreachableError } from '../element.js';
import { liveElements } from '../live.js';
import { timestamp } from '../time.js';
import { refusal, type GateRule } from './gate-rule.js';
import { recipients } from './recipients.js';

/** What a relay's queue holds for one domain. */
export interface Waiting {
  relay: string;
  domain: string;
  /** Recipients. */
  count: number;
  /** How many of them were tried in vain, and how many those were when the stage was recorded last, RFC 3339 UTC. */
  deferred: number;
  before: { deferred: number; at: string } | undefined;
  /** Whether they become fewer while one looks; nobody looks where nothing goes forwards. */
  falls: boolean;
}

export const quietQueue: GateRule = {
  id: 'gate-queue',
  why: 'A queue that grows says that the stage before does not carry the mail; the next one would send more.',
  remedy:
    'Find out by postqueue -p on the relay why mail waits. The limit is queueLimit in the platform file; below it the count is shown as a warning, unless more mail is deferred than when the stage was recorded, and it does not become less.',
  check: ({ waiting, queueLimit, forwards }) =>
    waiting
      .filter(({ count }) => count > 0)
      .map((queue) => {
        const { relay, domain, count, deferred, before } = queue;
        const was = before && ` (${before.deferred} at the edge before, ${before.at})`;
        const what = `${relay} holds mail for ${recipients(count)} of ${domain}, ${deferred} of them deferred${was ?? ''}`;
        const detail = `Before an edge forwards at most ${queueLimit} may wait (queueLimit in the platform file), and no more be deferred than then, unless they become fewer. \`postqueue -p\` on the relay shows why they wait. Put that right, let them be delivered, and deploy again.`;
        const refused = refusal(quietQueue.id, 'stage', what, detail);
        const stops = forwards && (count > queueLimit || hasGrown(queue));
        return stops ? refused : { ...refused, severity: 'warning' };
      }),
};

const hasGrown = ({ deferred, before, falls }: Waiting): boolean =>
  before !== undefined && deferred > before.deferred && !falls;

const queuesMap = 'queues';

/** How often, and after how many milliseconds each, a queue that has grown is looked at again. */
const looks = 5;
const between = 1000;

interface Route {
  relay: string;
  domain: string;
}

const routesIn = (declares: Iterable<string>): Route[] =>
  [...declares].flatMap((id) => {
    const [, relay, domain] = /^relay_route:([^/]+)\/([^/]+)$/.exec(id) ?? [];
    return relay === undefined || domain === undefined ? [] : { relay, domain };
  });

/**
 * How many recipients the relays hold mail for, of each domain that is routed.
 * @param forwards whether a queue that has grown stops what follows: only then it is watched for some seconds
 * @param silent relays that do not answer
 */
export async function queued(
  declares: Iterable<string>,
  forwards: boolean,
  farEnds: FarEnds,
  silent: readonly string[],
  pause: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<Waiting[]> {
  const register = await liveElements(farEnds.targets({ kind: 'register' }));
  const routes = routesIn(declares).filter(({ relay }) => !silent.includes(relay));
  return Promise.all(
    routes.map(async ({ relay, domain }) => {
      const look = (): Promise<number> => farEnds.deferred(relay, domain);
      const [count, deferred] = [await farEnds.queue(relay, domain), await look()];
      const [was, at = ''] = register.get(queuesMap, [domain])?.value ?? [];
      const before = was === undefined ? undefined : { deferred: Number(was), at };
      const grown = before !== undefined && deferred > before.deferred;
      const falls = forwards && grown && (await becomesLess(deferred, look, pause));
      return { relay, domain, count, deferred, before, falls };
    }),
  );
}

async function becomesLess(
  first: number,
  look: () => Promise<number>,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<boolean> {
  for (let n = 0; n < looks; n += 1) {
    await pause(between);
    if ((await look()) < first) return true;
  }
  return false;
}

/** Writes into the register what is deferred now, to compare with. A relay that cannot be asked holds up nobody. */
export async function recordQueues(
  owner: string,
  declares: Iterable<string>,
  farEnds: FarEnds,
): Promise<void> {
  const at = timestamp(farEnds.now());
  try {
    const put = await Promise.all(
      routesIn(declares).map(async ({ relay, domain }): Promise<Element> => {
        const value = [String(await farEnds.deferred(relay, domain)), at];
        return { map: queuesMap, key: [domain], value, owner };
      }),
    );
    await farEnds.targets({ kind: 'register' }).apply({ expect: [], put, remove: [] });
  } catch (error) {
    if (!(error instanceof UnreachableError || error instanceof RefusedError)) throw error;
  }
}
