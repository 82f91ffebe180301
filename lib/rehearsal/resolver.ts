import { placeFile } from './files.js';
import type { World } from './world.js';

/**
 * A host's own resolver: it asks the rehearsal's name server and keeps what it heard for as long as the TTL says, as
 * the resolvers of real mail servers do.
 */
const configuration = (nameServer: string): string => `options {
  directory "/var/cache/resolver";
  pid-file "/run/resolver.pid";
  session-keyfile "/run/resolver.key";
  listen-on { 127.0.0.1; };
  listen-on-v6 { none; };
  allow-query { 127.0.0.1; };
  forward only;
  forwarders { ${nameServer}; };
  dnssec-validation no;
  empty-zones-enable no;
};
controls { };
logging { category default { null; }; };
`;

/** Starts it; it answers when this returns. Postfix, if started later, asks it. */
export async function startResolver(world: World, host: string, nameServer: string): Promise<void> {
  const folder = world.hostFolder(host);
  await placeFile(folder, { path: '/etc/resolver.conf', content: configuration(nameServer) });
  await placeFile(folder, { path: '/etc/resolv.conf', content: 'nameserver 127.0.0.1\n' });
  // BIND goes into the background when it listens.
  const script = 'mkdir -p /var/cache/resolver; exec named -4 -n 1 -c /etc/resolver.conf';
  await world.must(world.enter(host), ['sh', '-euc', script]);
}
