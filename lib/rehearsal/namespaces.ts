import type { Host } from './layout.js';
import { planNetwork } from './network.js';
import { templatePath } from './files.js';
import type { World } from './world.js';

/** Makes every host's namespaces, lays the cables and gives the hosts their addresses. */
export async function makeNamespaces(world: World, hosts: Host[]): Promise<void> {
  const script = templatePath('rehearsal', 'host.sh');
  const unshare = (name: string, flags: string[], argv: string[]): Promise<void> =>
    world
      .must(world.enterInit(), ['unshare', ...flags, ...argv])
      .then((holder) => void world.holders.set(name, Number(holder)));
  await Promise.all([
    ...(['world', 'ln'] as const).map((name) =>
      unshare(name, ['--net'], ['sh', '-c', 'setsid sleep infinity </dev/null >/dev/null 2>&1 & echo $!']),
    ),
    ...hosts.map(({ name }) =>
      unshare(name, ['--mount', '--net', '--uts'], ['sh', script, name, `${world.netDir}/hosts/${name}`]),
    ),
  ]);

  const plan = planNetwork(hosts, (host) => world.holders.get(host) ?? 0);
  const batch = (host: string, text: string): Promise<string> =>
    world.must(world.enterNetwork(host), ['ip', '-batch', '-'], text);
  await Promise.all((['world', 'ln'] as const).map((segment) => batch(segment, plan.segments[segment])));
  await Promise.all([...plan.cables].map(([host, text]) => batch(host, text)));
  await Promise.all([...plan.hosts].map(([host, text]) => batch(host, text)));
}
