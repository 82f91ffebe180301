import type { Host } from './layout.js';
import type { Segment } from './segments.js';

/** Text for `ip -batch`, by the network namespace in which it is read, in the order in which it must be. */
export interface NetworkPlan {
  /** Bridges and every cable; read in the namespaces `world` and `ln` first, at the same time. */
  segments: Record<Segment, string>;
  /** Cables from host to host; read in the first host. */
  cables: Map<string, string>;
  /** Addresses, links up, routes; read in each host once the cables lie. */
  hosts: Map<string, string>;
}

/** @param holder number, in the rehearsal, of a process in a host's network namespace */
export function planNetwork(hosts: Host[], holder: (host: string) => number): NetworkPlan {
  const bridge = (segment: Segment): string => {
    const lines = ['link set lo up', 'link add bridge type bridge', 'link set bridge up'];
    let port = 0;
    for (const { name, links } of hosts) {
      for (const link of links.filter((candidate) => candidate.segment === segment)) {
        lines.push(
          `link add port${port} type veth peer name ${link.name} netns ${holder(name)}`,
          `link set port${port} master bridge up`,
        );
        port += 1;
      }
    }
    return text(lines);
  };
  const cables = new Map<string, string>();
  for (const { name, links } of hosts) {
    const lines = links.flatMap((link) =>
      link.peer
        ? [`link add ${link.name} type veth peer name ${link.peer.link} netns ${holder(link.peer.host)}`]
        : [],
    );
    if (lines.length > 0) cables.set(name, text(lines));
  }
  return {
    segments: { world: bridge('world'), ln: bridge('ln') },
    cables,
    hosts: new Map(
      hosts.map(({ name, links, routes }) => [
        name,
        text([
          'link set lo up',
          ...links.flatMap((link) => [
            ...link.addresses.map((address) => `address add ${address} dev ${link.name}`),
            `link set ${link.name} up`,
          ]),
          ...routes,
        ]),
      ]),
    ),
  };
}

const text = (lines: string[]): string => `${lines.join('\n')}\n`;
