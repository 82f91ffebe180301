import { domainsOf, problemWith, withPlatform, type FleetRule } from '../fleet.js';
import type { PlatformFile } from '../platform-file.js';

export const domainForeign: FleetRule = {
  id: 'domain-foreign',
  why: "The platform's own stack routes these domains; a municipality's route would take an authority's mail.",
  check: withPlatform(({ municipalities }, { file }) => {
    const owners = ownersOf(file);
    return municipalities.flatMap((entry) =>
      domainsOf(entry).flatMap(({ item: { name }, path }) => {
        const owner = name === undefined ? undefined : owners.get(name);
        if (owner === undefined) return [];
        return problemWith(entry, [...path, 'name'], 'domain-foreign', {
          found: `domain ${String(name)} belongs to ${owner} (platform file)`,
          expected: 'a domain of the municipality itself',
          remedy: 'remove it here, or from the platform file if the authority gave it up',
        });
      }),
    );
  }),
};

function ownersOf({ tenants, ndbPartners, relays }: PlatformFile): Map<string, string> {
  const offices = [...Object.entries(tenants), ...Object.entries(ndbPartners)];
  return new Map([
    ...offices.flatMap(([owner, { domains }]) => domains.map((name) => [name, owner] as const)),
    ...Object.entries(relays).flatMap(([owner, { mx }]) =>
      mx.records.flatMap((record) => selfAndParents(hostOf(record)).map((name) => [name, owner] as const)),
    ),
  ]);
}

const hostOf = (record: string): string => record.slice(record.indexOf(' ') + 1);

/** A relay's name lies in a domain of its operator's. */
const selfAndParents = (host: string): string[] => {
  const labels = host.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
};
