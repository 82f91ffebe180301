import type { Wait } from '../../definition.js';
import { allowsHost, policyOfText, type StsPolicy } from '../../targets/sts-policy.js';
import { notAged, observeCommand } from './aged.js';
import { shownNow, unseen, type AskedHost, type Cutover, type CutoverRule } from './cutover.js';

/** Of an observation, the record and the line that stands for its policy. */
const partsOf = (data: string): { record: string; policy: string } => {
  const [policy = '', ...records] = data.split('\n').reverse();
  return { record: records.reverse().join('\n'), policy };
};

/** Servers that show MTA-STS now. */
const shown = (cutover: Pick<Cutover, 'observations'>) =>
  shownNow(cutover, 'MTA-STS').filter(({ data }) => data !== '');

export const stsAllowsBoth: CutoverRule = {
  id: 'gate-mta-sts',
  why: 'A sender with an enforced MTA-STS policy delivers only to hosts that the policy lists, with certificates that are valid for their names.',
  towards: 'relay',
  summary: 'its MTA-STS policy does not let senders deliver to both old and new hosts',
  remedy:
    'Until the MX has moved for good, the policy lists the old and the new hosts, its id is raised with every change, and the new hosts show certificates of a public authority.',
  check: (cutover) => [
    ...unseen(cutover, 'MTA-STS'),
    ...shown(cutover).flatMap(({ server, data }) => {
      const { record, policy: text } = partsOf(data);
      const policy = policyOfText(text);
      if (!policy) return [`${server} shows ${record}, but ${text}`];
      const known = cutover.recorded.find((row) => row.type === 'MTA-STS' && row.server === server);
      const earlier = (known?.earlier ?? []).map((one) => partsOf(one.data));
      // An alias (CNAME) stands for a record elsewhere, whose id is not seen here.
      const sameId =
        !record.startsWith('CNAME ') && earlier.some((old) => old.record === record && old.policy !== text);
      return [
        ...(sameId
          ? [`${server} shows ${record} as before, though the policy has changed: raise its id`]
          : []),
        ...forbidden([...cutover.move.to, ...cutover.move.from], cutover.askedTo, policy),
      ];
    }),
  ],
};

/** What an enforced policy keeps senders from: hosts that it does not list, certificates that do not count. */
function forbidden(hosts: readonly string[], askedTo: readonly AskedHost[], policy: StsPolicy): string[] {
  if (policy.mode !== 'enforce') return [];
  const missing = hosts.filter((host) => !allowsHost(policy, host));
  const untrusted = askedTo.flatMap(({ host, answers }) =>
    answers.flatMap(({ address, untrusted: why }) =>
      why === undefined ? [] : [`the certificate of ${host} (${address}) does not count: ${why}`],
    ),
  );
  return [...missing.map((host) => `the enforced policy does not list ${host}`), ...untrusted];
}

/**
 * What enforced policies keep senders from after the MX has moved: those that servers show now, and those that they
 * showed before, for as long as senders may have them. A policy that nobody ever saw forbids nothing.
 */
export const forbiddenAfter = (
  cutover: Pick<Cutover, 'move' | 'askedTo' | 'observations' | 'recorded' | 'now'>,
): (string | Wait)[] => {
  const by = (data: string): string[] => {
    const policy = policyOfText(partsOf(data).policy);
    return policy ? forbidden(cutover.move.to, cutover.askedTo, policy) : [];
  };
  const now = shown(cutover);
  const earlier = cutover.recorded
    .filter(({ type }) => type === 'MTA-STS')
    .flatMap(({ server, data, seenAt, earlier }): Wait[] => {
      const isShown = shownNow(cutover, 'MTA-STS').some((one) => one.server === server && one.data === data);
      const last = isShown
        ? []
        : by(data).map((what) => ({ what: `${what}; ${server} showed it last at ${seenAt}` }));
      const stillHeld = earlier
        .filter(({ goneBy }) => Date.parse(goneBy) > cutover.now.getTime())
        .flatMap((old) =>
          by(old.data).map((what) => ({
            what: `${what}; ${server} shows it no more, senders may still have it`,
            until: old.goneBy,
          })),
        );
      return [...last, ...stillHeld];
    });
  return [...new Set(now.flatMap(({ data }) => by(data))), ...earlier];
};

export const stsAged: CutoverRule = {
  id: 'gate-mta-sts-aged',
  why: 'A sender keeps a policy for its max_age, a second clock beside the TTL of the record.',
  towards: 'relay',
  summary: 'senders may still have another MTA-STS policy',
  remedy: `The old record’s TTL and the old policy’s max_age must have gone by. ${observeCommand} records what is shown now; then deploy again.`,
  check: (cutover) => {
    const was = cutover.recorded.some(
      ({ type, earlier }) => type === 'MTA-STS' && earlier.some(({ data }) => data !== ''),
    );
    return was || shown(cutover).length > 0 ? notAged(cutover, 'MTA-STS', 0) : [];
  },
};
