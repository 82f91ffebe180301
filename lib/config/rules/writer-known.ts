import { domainsOf, withPlatform, type FleetRule } from '../fleet.js';
import { nameProblems } from './names.js';

export const writerKnown: FleetRule = {
  id: 'writer-known',
  why: 'A zone is either written by a DNS server of the platform, or its hoster is instructed and waited for.',
  check: withPlatform(({ municipalities }, { file }) => {
    const known = { ...file.dnsServers, hoster: true };
    return municipalities.flatMap((entry) =>
      domainsOf(entry).flatMap(({ item, path }) =>
        nameProblems(entry, [...path, 'writer'], item.writer, {
          rule: 'writer-known',
          what: 'DNS server',
          known,
        }),
      ),
    );
  }),
};
