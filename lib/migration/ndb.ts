import type { Municipality } from '../config/municipality.js';
import type { NdbDomain } from './elements.js';
import { stands } from './kept.js';

/** From stage 3 the domains stand in the NdB's table. Going back withdraws them at once: only acceptance is kept. */
export function ndbDomains(m: Municipality): NdbDomain[] {
  if (!stands(m, 3)) return [];
  return m.domains.flatMap(({ name, ndb }) =>
    ndb === undefined ? [] : { domain: name, ...ndb, owner: m.ags },
  );
}
