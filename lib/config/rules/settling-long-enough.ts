import { momentOf, toSeconds } from '../fields/time.js';
import { problemWith, withPlatform, type FleetRule } from '../fleet.js';

export const settlingLongEnough: FleetRule = {
  id: 'settling-long-enough',
  why: 'The first mail by a new path comes when somebody writes one: what a server refuses then bounces, once the time of settling is over.',
  check: withPlatform(({ municipalities }, { file: { settlingTime } }) =>
    municipalities.flatMap((entry) => {
      const { since, until } = entry.draft.settling ?? {};
      if (since === undefined || until === undefined) return [];
      const least = Date.parse(since) + toSeconds(settlingTime) * 1000;
      if (Date.parse(until) >= least) return [];
      return problemWith(entry, ['settling', 'until'], 'settling-long-enough', {
        found: `until ${until}`,
        expected: `${momentOf(least)} or later: for settlingTime of the platform, ${settlingTime}`,
        remedy:
          'write that; npx mailversand stage, server and domain write the right time by themselves, and stage with --settled ends it',
      });
    }),
  ),
};
