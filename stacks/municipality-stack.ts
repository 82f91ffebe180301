import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Municipality } from '../lib/config/municipality.js';
import type { Platform } from '../lib/config/platform.js';
import { MunicipalMail } from '../lib/constructs/municipal-mail.js';
import { PlatformProviders } from '../lib/constructs/platform-providers.js';
import { keepState, type StateFolder } from './state.js';

export interface MunicipalityStackProps {
  readonly municipality: Municipality;
  readonly platform: Platform;
  readonly state: StateFolder;
  /** @default the version that was built with this package */
  readonly providerVersion?: string;
}

/** One municipality, named by its file. It needs no other stack. */
export class MunicipalityStack extends TerraformStack {
  constructor(scope: Construct, { municipality, state, ...access }: MunicipalityStackProps) {
    super(scope, municipality.id);
    keepState(this, state);
    const providers = new PlatformProviders(this, 'platform', access);
    new MunicipalMail(this, 'mail', { municipality, providers });
  }
}
