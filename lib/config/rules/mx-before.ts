import { domainsOf, each, problemWith, withPlatform, type FleetRule } from '../fleet.js';
import { toMxRecord } from '../fields/mail.js';

export const mxBefore: FleetRule = {
  id: 'mx-before',
  why: 'The record set in the file is the way back: if it named the relay, going back would lead nowhere.',
  check: withPlatform(({ municipalities }, { file }) => {
    const relayHosts = new Set(
      Object.values(file.relays).flatMap(({ mx }) => mx.records.map((record) => toMxRecord(record).host)),
    );
    return municipalities.flatMap((entry) =>
      domainsOf(entry).flatMap(({ item, path }) => {
        const records = each(item.mx?.records, [...path, 'mx', 'records']);
        const seen = new Set<string>();
        return records.flatMap(({ item: record, path }) => {
          const { host } = toMxRecord(record);
          const texts = relayHosts.has(host) ? isRelay(host) : seen.has(host) ? isDouble(host) : undefined;
          seen.add(host);
          return texts ? problemWith(entry, path, 'mx-before', texts) : [];
        });
      }),
    );
  }),
};

const isRelay = (host: string) => ({
  found: `MX host ${host}, which is the relay`,
  expected: 'the record set from before the migration',
  remedy: 'write the old mail servers; the stage alone decides when the MX names the relay',
});

const isDouble = (host: string) => ({
  found: `MX host ${host} a second time`,
  expected: 'each host once in a record set',
  remedy: 'remove one of the two',
});
