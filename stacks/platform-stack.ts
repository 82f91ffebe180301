import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Platform } from '../lib/config/platform.js';
import { PlatformBase } from '../lib/constructs/platform-base.js';
import { PlatformProviders } from '../lib/constructs/platform-providers.js';
import { keepState, type StateFolder } from './state.js';

export interface PlatformStackProps {
  readonly platform: Platform;
  readonly state: StateFolder;
  /** @default the version that was built with this package */
  readonly providerVersion?: string;
}

/** The base on every gateway and relay. No municipality's stack depends on it: the provider looks for the base itself. */
export class PlatformStack extends TerraformStack {
  /** Its name; no municipality's file may have it. */
  static readonly id = 'platform';

  constructor(scope: Construct, { state, ...access }: PlatformStackProps) {
    super(scope, PlatformStack.id);
    keepState(this, state);
    new PlatformProviders(this, 'platform', access);
    new PlatformBase(this, 'base', access);
  }
}
