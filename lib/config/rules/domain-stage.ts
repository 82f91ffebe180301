import { domainsOf, each, problemWith, type FleetRule } from '../fleet.js';

export const domainStage: FleetRule = {
  id: 'domain-stage',
  why: 'A domain may stand behind its municipality, but the stage of a municipality is that of one domain at least.',
  check: ({ municipalities }) =>
    municipalities.flatMap((entry) => {
      const { stage = 0, domains, kept } = entry.draft;
      const all = domainsOf(entry);
      const behind =
        all.length > 0 && all.every(({ item }) => item.stage !== undefined && item.stage < stage);
      const strangers = each(kept, ['kept']).filter(
        ({ item }) => item.domain !== undefined && !all.some(({ item: { name } }) => name === item.domain),
      );
      return [
        ...(behind && all.length === domains?.length
          ? [
              problemWith(entry, ['domains'], 'domain-stage', {
                found: `no domain at stage ${stage}: each has a lower stage of its own`,
                expected: 'at least one domain that stands where the municipality stands',
                remedy:
                  'write the stages as they were; npx mailversand stage takes such domains along, forwards and back',
              }),
            ]
          : []),
        ...strangers.map(({ item, path }) =>
          problemWith(entry, [...path, 'domain'], 'domain-stage', {
            found: `kept of ${String(item.domain)}`,
            expected: `one of its domains: ${all.map(({ item: { name } }) => String(name)).join(', ')}`,
            remedy:
              'leave the domain in the file until nothing of it is kept; npx mailversand domain removes it',
          }),
        ),
      ];
    }),
};
