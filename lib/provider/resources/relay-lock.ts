import type { Attribute, Diagnostic, FarEnds } from '../definition.js';
import { RefusedError } from '../element.js';
import { isAway } from '../outage.js';
import * as checks from './checks.js';
import { recipients } from './recipients.js';

export const unrouted = {
  type: { objects: { relay: 'string', domain: 'string' } },
  optional: true,
  doc: 'Domains that nothing routes, each with the relay where an earlier route may have left a lock. Mail that waits behind one is warned of.',
  check: checks.each(
    ({ relay, domain }: { relay: string; domain: string }) => checks.name(relay) ?? checks.domain(domain),
  ),
} as const satisfies Attribute;

/** A domain that nothing routes any more, at the relay where its route may have left a lock. */
export interface Lock {
  relay: string;
  domain: string;
  /** Recipients whose mail waits behind it. @default the relay has not said whether there is one */
  waiting?: number;
}

/** What relays say of locks. */
export interface Locks {
  /** Those that stand, and those of which nobody knows. */
  locks: Lock[];
  /** Why nobody knows. */
  unknown: Error[];
}

/** Asks the relays. One that says nothing holds up nobody. */
export async function askLocks(
  possible: readonly Lock[],
  farEnds: Pick<FarEnds, 'behindLock'>,
): Promise<Locks> {
  const unknown: Error[] = [];
  const locks = await Promise.all(
    possible.map(async ({ relay, domain }): Promise<Lock[]> => {
      try {
        const waiting = await farEnds.behindLock(relay, domain);
        return waiting === undefined ? [] : [{ relay, domain, waiting }];
      } catch (error) {
        if (!isAway(error)) throw error;
        unknown.push(error);
        return [{ relay, domain }];
      }
    }),
  );
  return { locks: locks.flat(), unknown };
}

/** Of mail that waits for a person to lift a lock, and of a relay that could say so and does not. */
export const lockWarnings = (municipality: string, { locks, unknown }: Locks): Diagnostic[] => [
  ...locks
    .filter(({ waiting = 0 }) => waiting > 0)
    .map(({ relay, domain, waiting = 0 }) =>
      warning(
        `${relay} holds mail for ${recipients(waiting)} of ${domain} behind its lock`,
        `Nothing routes the domain any more, and the relay sends nothing to its MX until a person lifts the lock; at the end of the queue lifetime it bounces. npx mailversand rueckweg ${municipality} lists the commands, docs/relay.md explains them (“A domain that has left”). Where the domain goes forward again soon, stage 2 writes the route over the lock.`,
      ),
    ),
  ...unknown
    .filter((error) => error instanceof RefusedError)
    .slice(0, 1)
    .map(({ message }) => warning('Whether mail waits behind a lock is not known', message)),
];

const warning = (summary: string, detail: string): Diagnostic => ({
  severity: 'warning',
  summary,
  detail,
  attribute: 'unrouted',
  rule: 'relay-lock',
});
