import type { Wait } from '../../definition.js';
import { notAged, observeCommand } from './aged.js';
import { ofOthersToo, shownNow, type CutoverRule, type Evidence } from './cutover.js';
import { hostsIn, sameHosts } from './move.js';

/** Why the MX may still be in caches with a TTL from before it was lowered. */
export function mxNotAged(evidence: Evidence): (string | Wait)[] {
  const { move } = evidence;
  // A server that shows the relay already has been moved by an earlier attempt of this deploy.
  const moved = new Set(
    shownNow(evidence, 'MX').flatMap(({ server, data }) => (sameHosts(hostsIn(data), move.to) ? server : [])),
  );
  const left = {
    ...evidence,
    observations: evidence.observations.filter(({ server }) => !moved.has(server)),
  };
  const high = shownNow(left, 'MX')
    .filter(({ ttl }) => ttl > move.loweredTtl)
    .map(({ server, ttl }) => `${server} shows TTL ${ttl}, allowed is at most ${move.loweredTtl}`);
  return [...high, ...notAged(left, 'MX', move.mxTtl)];
}

export const ttlAged: CutoverRule = {
  id: 'gate-ttl-aged',
  why: 'Who has the old MX in a cache sends to the old server for as long as the old TTL says, also after a way back.',
  towards: 'relay',
  summary: 'its MX may still be in caches with the old TTL',
  remedy: `The TTL is lowered since stage 3 (a deploy without outgoingTestPassedOn lowers it again, and moves no MX; has it begun to move, go back to stage 3 instead), and the old one must have gone by on every server of the zone. ${observeCommand} records what they show now; it waits with --wait, and so does the deploy. ${ofOthersToo}`,
  check: mxNotAged,
};
