import type { Wait } from '../../definition.js';
import { spfLimits } from '../../targets/dns/spf-cost.js';
import { notAged, observeCommand } from './aged.js';
import { shownNow, unseen, type CutoverRule, type Evidence } from './cutover.js';

/** A domain without any SPF record gets none: then nothing fails at a receiver either. */
const hasSpf = (evidence: Evidence): boolean =>
  unseen(evidence, 'SPF').length > 0 || shownNow(evidence, 'SPF').some(({ data }) => data !== '');

/** In lower case, what stands before `all`: what stands behind it never counts (RFC 7208 5.1). */
export function decidingTerms(record: string): string[] {
  const terms = record.toLowerCase().split(' ');
  const all = terms.findIndex((term) => /^[-+~?]?all$/.test(term));
  return all === -1 ? terms : terms.slice(0, all);
}

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

export const spfListsRelay: CutoverRule = {
  id: 'gate-spf-lists-relay',
  why: 'Receivers refuse mail that comes from the relay while SPF does not name it.',
  towards: 'relay',
  summary: 'its SPF record does not name the relay on every server',
  remedy:
    'It must be one record on every server, with the relay’s mechanisms beside the old senders, before all and before every term that refuses (-, ~, ?). A deploy of stage 4 without outgoingTestPassedOn writes it so and moves no MX, if the file has it: where `spf` is missing there, add it first, value and TTL as they are live. In a hoster’s zone have it written. Then let it age. Has the MX begun to move, go back to stage 3 first: npx mailversand stage, deploy.',
  check: (cutover) => {
    if (!hasSpf(cutover)) return [];
    const { domain, spf, spfTtl } = cutover.move;
    const wrong = shownNow(cutover, 'SPF').flatMap(({ server, data }) => {
      const records = data.split('\n').filter((record) => record !== '');
      if (records.length !== 1) return [`${server} shows ${records.length} records, allowed is one`];
      return spf.flatMap((mechanism) => {
        const why = notPermitted(data, mechanism);
        return why === undefined ? [] : [`${server} shows ${data}, ${why}`];
      });
    });
    const unwritten =
      wrong.length > 0 && spfTtl === 0
        ? [`the file has no spf for ${domain}: until it has, no deploy writes the record`]
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
    'Take out what nobody sends from any more, or write addresses (ip4, ip6) instead of names (RFC 7208 4.6.4).',
  check: ({ spfCost }) =>
    spfCost
      ? [
          ...spfCost.problems,
          ...(spfCost.lookUps > spfLimits.lookUps
            ? [`it needs ${spfCost.lookUps} look-ups, ${spfLimits.lookUps} are allowed`]
            : []),
          ...(spfCost.voids > spfLimits.voids
            ? [`${spfCost.voids} look-ups find nothing, ${spfLimits.voids} are allowed`]
            : []),
        ]
      : [],
};

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
