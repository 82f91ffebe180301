import { domainsOf, each, problemWith, withPlatform, type Entry, type FleetRule } from '../fleet.js';
import { LONGEST_TXT, toMxRecord } from '../fields/mail.js';
import { sendersByMx } from '../spf-terms.js';

export const spfRoom: FleetRule = {
  id: 'spf-room',
  why: 'From stage 3 on the relay stands in SPF beside the old senders, those by their names that mx stands for, and all must fit into one TXT string.',
  check: withPlatform(({ municipalities }, { file }) => {
    // The longest of all relays: which one it is may not have been settled yet.
    const relay = Math.max(...Object.values(file.relays).map(({ spf }) => ` ${spf.join(' ')}`.length));
    return municipalities.flatMap((entry) =>
      domainsOf(entry).flatMap(({ item: { name = '', spf }, path }) => {
        const value = spf?.value ?? '';
        const byMx = sendersByMx(value, name, (domain) => mxHosts(entry, domain));
        const added = relay + byMx.map((term) => ` ${term}`).join('').length;
        if (value.length + added <= LONGEST_TXT) return [];
        const hosts = byMx.length === 0 ? '' : `, and ${byMx.join(' ')} for its mx,`;
        return problemWith(entry, [...path, 'spf', 'value'], 'spf-room', {
          found: `an SPF string of ${value.length} characters`,
          expected: `at most ${LONGEST_TXT - added}, so that the relay${hosts} fits in`,
          remedy: 'have the municipality shorten it, for instance by an include of its own',
        });
      }),
    );
  }),
};

function mxHosts(entry: Entry, domain: string): string[] | undefined {
  const found = domainsOf(entry).find(({ item }) => item.name === domain);
  return found && each(found.item.mx?.records, found.path).map(({ item }) => toMxRecord(item).host);
}
