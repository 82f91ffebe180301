import type { Platform } from '../config/platform.js';
import { providerConfig } from '../constructs/provider-config.js';
import { openFarEnds } from '../provider/far-ends.js';
import { openTargets, type OpenTargets } from '../provider/targets/index.js';

/** Relays and register of a platform, as a command of an engineer reads them. Close it. */
export const openPlatform = (platform: Platform): OpenTargets => openTargets(providerConfig(platform));

/** Everything that the gate looks at, as the provider would. Close it. */
export const openAll = (platform: Platform): ReturnType<typeof openFarEnds> =>
  openFarEnds(providerConfig(platform));
