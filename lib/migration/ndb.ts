import type { Municipality } from '../config/municipality.js';
import { ofEachDomain } from './domains.js';
import type { Gate, NdbDomain } from './elements.js';
import { stands, standsOrKept } from './kept.js';

/** From stage 3 the domains stand in the NdB's table. Going back withdraws them at once: only acceptance is kept. */
export function ndbDomains(m: Municipality): NdbDomain[] {
  return ofEachDomain(m).flatMap(({ m: one, domain: { name, ndb } }) => {
    if (ndb === undefined || !stands(one, 3)) return [];
    const { reference, reportedOn, confirmedOn } = ndb;
    return {
      domain: name,
      reference,
      reportedOn,
      ...(confirmedOn === undefined ? {} : { confirmedOn }),
      owner: m.ags,
    };
  });
}

/** Evidence for letting go of what stage 3 brought: none before nothing of it is kept, so that it changes no plan until then. */
export function withdrawn(m: Municipality): Pick<Gate, 'withdrawn'> {
  const days = ofEachDomain(m).flatMap(({ m: one, domain: { name, ndb } }) =>
    ndb?.withdrawnOn === undefined || standsOrKept(one, 3) ? [] : [[name, ndb.withdrawnOn] as const],
  );
  return days.length === 0 ? {} : { withdrawn: Object.fromEntries(days) };
}

/** Domains that are reported, and of which the NdB has not confirmed that they are withdrawn. */
export const notWithdrawn = (m: Municipality): string[] =>
  m.domains.flatMap(({ name, ndb }) => (ndb === undefined || ndb.withdrawnOn !== undefined ? [] : name));
