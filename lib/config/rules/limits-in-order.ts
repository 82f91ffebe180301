import { problemWith, type FleetRule } from '../fleet.js';

export const limitsInOrder: FleetRule = {
  id: 'limits-in-order',
  why: 'Mail from the Internet reaches the municipality over the internal path: each hop inward must allow more.',
  check: ({ municipalities }) =>
    municipalities.flatMap((entry) => {
      const { internalMb, internetMb } = entry.draft.limits ?? {};
      if (internalMb === undefined || internetMb === undefined || internetMb <= internalMb) return [];
      return problemWith(entry, ['limits', 'internetMb'], 'limits-in-order', {
        found: `internetMb ${internetMb}`,
        expected: `at most internalMb, ${internalMb}`,
        remedy: 'lower it, or raise internalMb',
      });
    }),
};
