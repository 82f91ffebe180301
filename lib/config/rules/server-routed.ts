import { each, problemWith, type FleetRule } from '../fleet.js';

/** From here on the relay routes mail to the servers. */
const routes = 2;

export const serverRouted: FleetRule = {
  id: 'server-routed',
  why: 'A route without a next hop keeps all mail waiting until it is given up.',
  check: ({ municipalities }) =>
    municipalities.flatMap((entry) => {
      const { stage, servers } = entry.draft;
      const all = each(servers, ['servers']);
      const some = all.some(
        ({ item: { joinedOn, testedOn } }) => joinedOn === undefined || testedOn !== undefined,
      );
      if (stage === undefined || stage < routes || all.length === 0 || some) return [];
      return problemWith(entry, ['servers'], 'server-routed', {
        found: 'no server that gets mail: each has joinedOn and no testedOn',
        expected: `at least one that was there before, or is tested, from stage ${routes} on`,
        remedy: 'leave the old server in the list until the new one is tested: npx mailversand server',
      });
    }),
};
