import type { Cutover } from '../../../../lib/provider/resources/cutover/cutover.js';
import { cutoverRules } from '../../../../lib/provider/resources/cutover/index.js';
import { findingText } from '../../../../lib/provider/resources/gate-rule.js';
import { at, evidenceOf, ready, seen } from './examples.js';

/** Rules that refuse a move, each with what it found. */
export const refusals = (change: Partial<Cutover>): Record<string, string[]> => {
  const cutover = { ...ready, ...change };
  const found = cutoverRules
    .filter(({ towards }) => towards === cutover.move.towards)
    .map(({ id, check }) => [id, check(cutover).map(findingText)] as const);
  return Object.fromEntries(found.filter(([, lines]) => lines.length > 0));
};

/** What the servers show of one type, instead of what they show when everything is ready. */
export const showing = (...observations: Cutover['observations']): Pick<Cutover, 'observations'> => ({
  observations: [...ready.observations.filter(({ type }) => type !== observations[0]?.type), ...observations],
});

/** The evidence of {@link ready}, with that of one more type in place of what it has. */
export const recordedToo = (...observations: Cutover['observations']): Cutover['recorded'] => [
  ...ready.recorded.filter(({ type }) => type !== observations[0]?.type),
  ...evidenceOf(...observations),
];

/** Seen for more than a day, and within the last one. */
export const sinceYesterday = (observation: Cutover['observations'][number]): Cutover['observations'] =>
  [-83_000, 100].map((seconds) => ({ ...observation, at: at(seconds) }));

/** Shown, and for so long that no cache has anything else. */
export const showingAged = (observation: Cutover['observations'][number]): Partial<Cutover> => ({
  ...showing(observation),
  recorded: recordedToo(...sinceYesterday(observation)),
});

export const both = 'mail.musterstadt.example,mx1.relay.example';
export const policy = (mx: string, mode: string, maxAge = 300): string =>
  `mode=${mode} mx=${mx} max_age=${maxAge}`;

/** MTA-STS with one policy after the other, each with a new id unless it stays the `same`. */
export const sts = (policies: readonly (readonly [string, number])[], id = 'new'): Partial<Cutover> => {
  const shown = policies.map(([text, seconds], i) =>
    seen('MTA-STS', `v=STSv1; id=${id === 'same' ? 0 : i}\n${text}`, {
      at: at(seconds),
      ttl: Number(/max_age=(\d+)/.exec(text)?.[1] ?? 60),
    }),
  );
  const last = shown.at(-1) ?? seen('MTA-STS', '');
  return { ...showing(last), recorded: recordedToo(...shown, { ...last, at: at(100) }) };
};
