import { basename } from 'node:path';
import { run } from './run.js';

// One program for both providers: the engine starts it by the name of the one it wants.

const isDns = basename(process.argv[1] ?? '').startsWith('terraform-provider-dns');

run(async () => {
  if (isDns) return (await import('./dns/index.js')).dnsProvider();
  const [{ landesnetzProvider }, { definitions }, { openFarEnds }] = await Promise.all([
    import('./landesnetz.js'),
    import('./resources/index.js'),
    import('./far-ends.js'),
  ]);
  return landesnetzProvider(definitions, openFarEnds);
});
