import type { FarEnds } from '../definition.js';
import { liveElements } from '../live.js';
import { isAway } from '../outage.js';

/**
 * What becomes of a domain's mail that comes to a relay from the Internet now. `taken`: it is accepted and routed.
 * `unrouted`: accepted, and it may bounce at once. `deferred`: it waits at its senders. `unknown`: the relay does not
 * answer.
 */
export type MailAtRelay = 'taken' | 'unrouted' | 'deferred' | 'unknown';

/** Asks the relay itself: what a file or a state says of it may not be so yet, or no more. */
export async function mailAtRelay(
  relay: string,
  domain: string,
  { targets }: Pick<FarEnds, 'targets'>,
): Promise<MailAtRelay> {
  try {
    const live = await liveElements(targets({ kind: 'relay', name: relay }));
    if (!live.get('accept_internet', [domain])) return 'deferred';
    return live.get('transport', [domain]) ? 'taken' : 'unrouted';
  } catch (error) {
    if (!isAway(error)) throw error;
    return 'unknown';
  }
}
