import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { HosterRecord } from '../migration/hoster-sheet.js';
import type { LiveElements } from '../provider/definition.js';
import { UnreachableError } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { reachedIn } from '../provider/resources/reached.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { openPlatform } from './far-ends.js';
import { unreachable } from './unreachable.js';

/**
 * A hoster is told to change a record only for a stage that is deployed, and to name the relay only if that
 * accepts the domain from the Internet and routes it. Both are looked up where they live.
 */
export async function mustBeReady(
  m: Municipality,
  p: Platform,
  records: readonly HosterRecord[],
): Promise<'forwards' | 'back'> {
  const targets = openPlatform(p);
  try {
    const { stage } = reachedIn(await liveElements(targets({ kind: 'register' })), m.id);
    // The file is written, and its edge back waits for the hoster.
    if (stage === m.stage + 1) return 'back';
    if (stage !== m.stage) throw notDeployed(m, stage);
    const relay = await liveElements(targets({ kind: 'relay', name: m.relay }));
    const missing = records
      .filter(({ towardsRelay }) => towardsRelay)
      .map(({ domain }) => domain)
      .filter((domain) => !isAnnounced(relay, domain) || !relay.get('transport', [domain]));
    if (missing.length > 0) throw notAccepted(m, missing);
    return 'forwards';
  } catch (error) {
    throw error instanceof UnreachableError
      ? unreachable(error, 'what is not known is not instructed: put the connection right, then call again')
      : error;
  } finally {
    await targets.close();
  }
}

/** `OK` is written by the deploy that moves the MX, behind the gate; before, the relay only holds itself ready. */
const isAnnounced = (relay: LiveElements, domain: string): boolean =>
  relay.get('accept_internet', [domain])?.value[0] === 'OK';

const notDeployed = ({ id, stage }: Municipality, reached: number): Failure =>
  new Failure({
    what: `the register says stage ${reached} of ${id}, its file says ${stage}: its hoster is told nothing yet`,
    remedy: `npx mailversand deploy ${id} first; on the way back npx mailversand hosterblatt ${id} --zurueck, before the edge`,
    rule: 'gate-hoster-not-deployed',
    exit: ExitCode.refused,
  });

const notAccepted = ({ id }: Municipality, domains: readonly string[]): Failure =>
  new Failure({
    what: `the relay does not yet accept and route ${domains.join(', ')}: no MX may point at it`,
    remedy: `npx mailversand deploy ${id} first`,
    rule: 'gate-hoster-not-accepted',
    exit: ExitCode.refused,
  });
