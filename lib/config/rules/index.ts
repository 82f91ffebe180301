import type { FleetRule } from '../fleet.js';
import { agsLand } from './ags-land.js';
import { agsUnique } from './ags-unique.js';
import { datesInOrder } from './dates-in-order.js';
import { domainForeign } from './domain-foreign.js';
import { domainStage } from './domain-stage.js';
import { domainUnique } from './domain-unique.js';
import { gatewayKnown } from './gateway-known.js';
import { insideAddress } from './inside-address.js';
import { keptConsistent } from './kept-consistent.js';
import { keptLongEnough } from './kept-long-enough.js';
import { limitsInOrder } from './limits-in-order.js';
import { linkKnown } from './link-known.js';
import { linkUnique } from './link-unique.js';
import { mxBefore } from './mx-before.js';
import { platformDomains } from './platform-domains.js';
import { platformHostKeys } from './platform-host-keys.js';
import { platformLinks } from './platform-links.js';
import { platformListeners } from './platform-listeners.js';
import { platformPool } from './platform-pool.js';
import { platformTimes } from './platform-times.js';
import { relayKnown } from './relay-known.js';
import { serverRouted } from './server-routed.js';
import { serversDistinct } from './servers-distinct.js';
import { settlingLongEnough } from './settling-long-enough.js';
import { spfRoom } from './spf-room.js';
import { stageRouting } from './stage-routing.js';
import { transferAddressPool } from './transfer-address-pool.js';
import { transferAddressUnique } from './transfer-address-unique.js';
import { writerKnown } from './writer-known.js';
import { zoneHoldsDomain } from './zone-holds-domain.js';

/** Every rule, by name. The order changes nothing: problems are sorted by place. */
export const rules: readonly FleetRule[] = [
  agsLand,
  agsUnique,
  datesInOrder,
  domainForeign,
  domainStage,
  domainUnique,
  gatewayKnown,
  insideAddress,
  keptConsistent,
  keptLongEnough,
  limitsInOrder,
  linkKnown,
  linkUnique,
  mxBefore,
  platformDomains,
  platformHostKeys,
  platformLinks,
  platformListeners,
  platformPool,
  platformTimes,
  relayKnown,
  serverRouted,
  serversDistinct,
  settlingLongEnough,
  spfRoom,
  stageRouting,
  transferAddressPool,
  transferAddressUnique,
  writerKnown,
  zoneHoldsDomain,
];
