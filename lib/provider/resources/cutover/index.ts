import type { CutoverRule } from './cutover.js';
import { dmarcNotTightened } from './dmarc.js';
import { stsAged, stsAllowsBoth } from './mta-sts.js';
import { oldPathWorks, wayBackWorks } from './old-path.js';
import { recipientsChecked } from './recipients-checked.js';
import { relayAccepts } from './relay-accepts.js';
import { relayRoutes } from './relay-routes.js';
import { spfAged, spfListsRelay, spfWithinLimits } from './spf.js';
import { connectionTested, outgoingTested } from './tested.js';
import { ttlAged } from './ttl-aged.js';
import { noAlias, noNullMx, tlsaMatches } from './zone.js';

/** What may stand against the move of an MX, in the order in which a person wants to read it. */
export const cutoverRules: readonly CutoverRule[] = [
  relayRoutes,
  relayAccepts,
  recipientsChecked,
  connectionTested,
  outgoingTested,
  oldPathWorks,
  noAlias,
  noNullMx,
  spfListsRelay,
  spfWithinLimits,
  spfAged,
  ttlAged,
  stsAllowsBoth,
  stsAged,
  tlsaMatches,
  dmarcNotTightened,
  wayBackWorks,
];
