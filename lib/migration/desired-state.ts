import type { Municipality, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { mxRecordSets, spfRecordSets } from './dns.js';
import type { DesiredState } from './elements.js';
import { gate } from './gate.js';
import { keys, type Declared } from './kinds.js';
import { matrix } from './matrix.js';
import { dnatRules, snatRules } from './nat.js';
import { ndbDomains } from './ndb.js';
import { openings } from './openings.js';
import { relayAcceptances, relayClients, relayRoutes } from './relay.js';
import { byKey } from './sort.js';
import { lastStage } from './stages.js';

/**
 * The one idea: everything that a municipality's stage and `kept` ask for, as a value. What is deployed, ordered
 * in the Freischaltungsmatrix and reviewed is this same value. Pure: equal files give an equal state, byte for byte.
 */
export function desiredState(m: Municipality, p: Platform): DesiredState {
  const state = declared(m, p);
  return { ...state, gate: gate(m, p, state, (asked) => declared(asked, p)) };
}

const declared = (m: Municipality, p: Platform): Declared => ({
  municipality: m.id,
  owner: m.ags,
  stage: Math.min(m.stage, lastStage(m.routing)) as StageNumber,
  dnatRules: byKey(dnatRules(m, p), keys.dnatRule),
  snatRules: byKey(snatRules(m, p), keys.snatRule),
  openings: byKey(openings(m, p), keys.opening),
  matrix: byKey(matrix(m, p), keys.matrixEntry),
  mxRecordSets: byKey(mxRecordSets(m, p), keys.mxRecordSet),
  spfRecordSets: byKey(spfRecordSets(m, p), keys.spfRecordSet),
  relayRoutes: byKey(relayRoutes(m, p), keys.relayRoute),
  relayAcceptances: byKey(relayAcceptances(m, p), keys.relayAcceptance),
  relayClients: byKey(relayClients(m, p), keys.relayClient),
  ndbDomains: byKey(ndbDomains(m), keys.ndbDomain),
});
