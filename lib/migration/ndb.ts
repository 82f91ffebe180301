import type { Municipality } from '../config/municipality.js';
import { ofEachDomain } from './domains.js';
import type { NdbDomain } from './elements.js';
import { stands } from './kept.js';

/** From stage 3 the domains stand in the NdB's table. Going back withdraws them at once: only acceptance is kept. */
export function ndbDomains(m: Municipality): NdbDomain[] {
  return ofEachDomain(m).flatMap(({ m: one, domain: { name, ndb } }) =>
    ndb === undefined || !stands(one, 3) ? [] : { domain: name, ...ndb, owner: m.ags },
  );
}
