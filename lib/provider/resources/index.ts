import type { ResourceDefinition } from '../definition.js';
import { declarable } from './declared.js';
import { gatewayBase } from './gateway-base.js';
import { hosterMx } from './hoster-mx.js';
import { migrationGate } from './migration-gate.js';
import { migrationStage } from './migration-stage.js';
import { relayBase } from './relay-base.js';

/** Every resource of the provider `landesnetz`. */
export const definitions: readonly ResourceDefinition[] = [
  ...declarable,
  hosterMx,
  migrationGate,
  migrationStage,
  gatewayBase,
  relayBase,
];
