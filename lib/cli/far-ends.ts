import type { Platform } from '../config/platform.js';
import { providerConfig } from '../constructs/provider-config.js';
import { openFarEnds } from '../provider/far-ends.js';
import { openTargets, type OpenTargets } from '../provider/targets/index.js';
import { sshCommand } from '../provider/transport/ssh.js';
import { sessionAtDesk } from './desk.js';
import type { Io } from './io.js';

/** Relays and register of a platform, as a command of an engineer reads them. Close it. */
export const openPlatform = (platform: Platform): OpenTargets => openTargets(providerConfig(platform));

/** The same for a command that has an answer also where nobody answers: nobody waits long for them. Close it. */
export const openBriefly = (platform: Platform, io: Pick<Io, 'env'>): OpenTargets =>
  openTargets(providerConfig(platform), {
    connect: async (endpoint, user) => sessionAtDesk(io, await sshCommand(endpoint, user)),
    times: { hello: 5000, request: 10_000 },
  });

/** Everything that the gate looks at, as the provider would. Close it. */
export const openAll = (platform: Platform): ReturnType<typeof openFarEnds> =>
  openFarEnds(providerConfig(platform));
