import { dnsProvider } from '../../../lib/provider/dns/index.js';
import { run } from '../../../lib/provider/run.js';

// The drop-in alone, for tests with real engines.
run(() => Promise.resolve(dnsProvider()));
