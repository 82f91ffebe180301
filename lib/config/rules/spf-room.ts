import { domainsOf, problemWith, withPlatform, type FleetRule } from '../fleet.js';
import { LONGEST_TXT } from '../fields/mail.js';

export const spfRoom: FleetRule = {
  id: 'spf-room',
  why: 'From stage 3 on the relay stands in SPF beside the old senders, and both must fit into one TXT string.',
  check: withPlatform(({ municipalities }, { file }) => {
    // The longest of all relays: which one it is may not have been settled yet.
    const added = Math.max(...Object.values(file.relays).map(({ spf }) => ` ${spf.join(' ')}`.length));
    return municipalities.flatMap((entry) =>
      domainsOf(entry).flatMap(({ item: { spf }, path }) => {
        const length = spf?.value?.length ?? 0;
        if (length + added <= LONGEST_TXT) return [];
        return problemWith(entry, [...path, 'spf', 'value'], 'spf-room', {
          found: `an SPF string of ${length} characters`,
          expected: `at most ${LONGEST_TXT - added}, so that the relay fits in`,
          remedy: 'have the municipality shorten it, for instance by an include of its own',
        });
      }),
    );
  }),
};
