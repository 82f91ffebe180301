import { problemWith, withPlatform, type FleetRule } from '../fleet.js';

export const platformDomains: FleetRule = {
  id: 'platform-domains',
  why: 'A domain has one next hop at the relay.',
  check: withPlatform((_, platform) => {
    const owners = new Map<string, string>();
    return (['tenants', 'ndbPartners'] as const).flatMap((list) =>
      Object.entries(platform.file[list]).flatMap(([office, { domains }]) =>
        domains.flatMap((domain, index) => {
          const owner = owners.get(domain);
          owners.set(domain, owner ?? office);
          if (owner === undefined) return [];
          return problemWith(platform, [list, office, 'domains', index], 'platform-domains', {
            found: `domain ${domain} belongs to ${owner}`,
            expected: 'each domain once among tenants and NdB partners',
            remedy: 'remove it where it does not belong',
          });
        }),
      ),
    );
  }),
};
