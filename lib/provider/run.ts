import { writeSync } from 'node:fs';
import { launch } from './protocol/launch.js';
import type { ServedProvider } from './served.js';

/** Serves a provider from this process, as the engine expects of a plugin. */
export function run(load: () => Promise<ServedProvider>): void {
  const start = async () => {
    // The engine reads the handshake meanwhile; none of this is needed for it.
    const [{ providerService }, provider] = await Promise.all([import('./protocol/service.js'), load()]);
    return { methods: providerService(provider), close: async () => provider.close?.() };
  };
  launch(start, {
    environment: process.env,
    // Without loading what process.stdout is made of.
    print: (line) => void writeSync(1, line),
    exit: (code, message) => {
      if (message !== undefined) process.stderr.write(`${message}\n`);
      process.exit(code);
    },
  });
}
