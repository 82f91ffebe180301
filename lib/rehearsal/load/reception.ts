import { wayOf } from '../paths.js';
import { receivedHops } from '../received.js';
import type { Rehearsal } from '../running.js';
import type { Ledger } from './ledger.js';
import { Mailbox } from './maildir.js';
import { partyNames } from './traffic.js';

/** Takes the load out of every party's Maildir into the ledger. @param municipality its id */
export const receive = (rehearsal: Rehearsal, municipality: string, ledger: Ledger): Mailbox[] =>
  rehearsal.layout.parties.map(
    ({ name }) =>
      new Mailbox(rehearsal.path(name, 'var/mail/load/new'), ({ correlation, fromNobody, at, head }) => {
        const entry = ledger.find(correlation);
        if (!entry) return;
        if (fromNobody) {
          entry.bounces.push(at);
          return;
        }
        const [from, to] = partyNames(entry.path, municipality);
        // A party that is not at the path's end shows as the last hop of a way that no stage allows.
        entry.arrivals.push({ at, way: wayOf(rehearsal.hops(receivedHops(head)), { from, to }) });
      }),
  );
