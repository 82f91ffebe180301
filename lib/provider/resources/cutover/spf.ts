import { decidingTerms } from '../../../config/spf-terms.js';
import type { Wait } from '../../definition.js';
import { spfLimits, type SpfCost } from '../../targets/dns/spf-cost.js';
import { notAged, observeCommand } from './aged.js';
import { ofOthersToo, shownNow, unseen, type CutoverRule, type Evidence } from './cutover.js';
import type { Move } from './move.js';
import { lost, oldHosts, permitted } from './spf-terms.js';

/** A domain without any SPF record gets none: then nothing fails at a receiver either. */
const hasSpf = (evidence: Evidence): boolean =>
  unseen(evidence, 'SPF').length > 0 || shownNow(evidence, 'SPF').some(({ data }) => data !== '');

/**
 * Why a record does not permit a mechanism, if it does not. The first term that matches decides (RFC 7208 4.6.2): one that
 * refuses before it may match first.
 */
function notPermitted(record: string, mechanism: string): string | undefined {
  const deciding = decidingTerms(record);
  const own = deciding.findIndex((term) => term.replace(/^\+/, '') === mechanism.toLowerCase());
  if (own === -1)
    return record.split(' ').length > deciding.length
      ? `without ${mechanism} before all`
      : `without ${mechanism}`;
  const refusing = deciding.slice(0, own).find((term) => /^[-~?]/.test(term));
  return refusing && `with ${refusing} before ${mechanism}`;
}

/** Why old senders of a record may not send any more once the MX has moved, and the deploy has written its record. */
function oldOnesLost(record: string, move: Move): string[] {
  const needed = permitted(record, move, oldHosts(move));
  const shown = lost(permitted(record, move, []), needed).map(
    (loss) => `, whose mx means the relay then: ${loss}`,
  );
  const written = ['', record].includes(move.spfWritten)
    ? []
    : lost(permitted(move.spfWritten, move, []), needed).map(
        (loss) => `, and this deploy writes ${move.spfWritten}, ${loss}`,
      );
  return [...shown, ...written];
}

export const spfListsRelay: CutoverRule = {
  id: 'gate-spf-lists-relay',
  why: 'Receivers refuse mail that comes from a server that SPF does not name: from the relay, and from the old senders, who may still send.',
  towards: 'relay',
  summary: 'its SPF record does not name the relay beside the old senders on every server',
  remedy: `It must be one record on every server, with the relay’s mechanisms beside the old senders, before all and before every term that refuses (-, ~, ?), and where it has mx, with the old servers by their names (a:). A deploy of stage 4 without outgoingTestPassedOn writes it so and moves no MX, if the file has it: where \`spf\` is missing there, add it first, value and TTL as they are live. In a hoster’s zone have it written. Then let it age. An old sender goes out of spf.value after the MX has moved, by a deploy of its own; on the way back it must stand there again (gate-way-back). Has the MX begun to move, go back to stage 3 first: npx mailversand stage, deploy. ${ofOthersToo}`,
  check: (cutover) => {
    if (!hasSpf(cutover)) return [];
    const { move } = cutover;
    const wrong = shownNow(cutover, 'SPF').flatMap(({ server, data }) => {
      const records = data.split('\n').filter((record) => record !== '');
      if (records.length !== 1) return [`${server} shows ${records.length} records, allowed is one`];
      const relay = move.spf.flatMap((mechanism) => {
        const why = notPermitted(data, mechanism);
        return why === undefined ? [] : [`${server} shows ${data}, ${why}`];
      });
      const leaving = oldOnesLost(data, move).map((why) => `${server} shows ${data}${why}`);
      return [...relay, ...leaving];
    });
    const unwritten =
      wrong.length > 0 && move.spfTtl === 0
        ? [`the file has no spf for ${move.domain}: until it has, no deploy writes the record`]
        : [];
    return [...unseen(cutover, 'SPF'), ...wrong, ...unwritten];
  },
};

export const spfWithinLimits: CutoverRule = {
  id: 'gate-spf-limits',
  why: 'A receiver gives up on an SPF record that needs more than ten look-ups or has two that find nothing, and refuses the mail.',
  towards: 'relay',
  summary: 'its SPF record asks too much of receivers',
  remedy:
    'Take out what nobody sends from any more, or write addresses (ip4, ip6) instead of names (RFC 7208 4.6.4): also instead of mx, beside which each old server stands by its name.',
  check: ({ spfCost }) => (spfCost ? beyondLimits(spfCost) : []),
};

/** Why a receiver gives up on an SPF record, a line each. */
export const beyondLimits = ({ problems, lookUps, voids }: SpfCost): string[] => [
  ...problems,
  ...(lookUps > spfLimits.lookUps ? [`it needs ${lookUps} look-ups, ${spfLimits.lookUps} are allowed`] : []),
  ...(voids > spfLimits.voids ? [`${voids} look-ups find nothing, ${spfLimits.voids} are allowed`] : []),
];

/** Why SPF may still be in caches without the relay. */
export function spfNotAged(evidence: Evidence): Wait[] {
  return hasSpf(evidence) ? notAged(evidence, 'SPF', evidence.move.spfTtl) : [];
}

export const spfAged: CutoverRule = {
  id: 'gate-spf-aged',
  why: 'Who has the SPF record without the relay in a cache refuses mail that comes from it.',
  towards: 'relay',
  summary: 'its SPF record may still be in caches without the relay',
  remedy: `It must have been seen so on every server for as long as the old TTL. ${observeCommand} records what they show now; it waits with --wait, and so does the deploy.`,
  check: spfNotAged,
};
