import { until } from '../services.js';
import type { Rehearsal } from '../running.js';

type Hosts = Pick<Rehearsal, 'exec' | 'must' | 'platform'>;

/** Something breaks when this is called; what comes back mends it. */
export type Outage = (hosts: Hosts) => Promise<() => Promise<void>>;

const patience = 20_000;

/** The gateway's line into the Landesnetz is cut: neither mail nor engineer gets through. */
export const gatewayCutOff: Outage = async (hosts) => {
  const link = hosts.platform.gateways[0]?.landesnetzLink ?? '';
  await hosts.must('gateway', ['ip', 'link', 'set', link, 'down']);
  return async () => {
    await hosts.must('gateway', ['ip', 'link', 'set', link, 'up']);
  };
};

/** One municipality's line to the gateway swallows everything; its addresses and routes stay. */
export const customerLinkDead =
  (link: string): Outage =>
  async (hosts) => {
    const table = `table ip rehearsal_dead_link {
      chain in { type filter hook prerouting priority -400; iifname "${link}" drop; }
      chain out { type filter hook postrouting priority 400; oifname "${link}" drop; }
    }`;
    await hosts.must('gateway', ['nft', '-f', '-'], table);
    return async () => {
      await hosts.must('gateway', ['nft', 'delete', 'table', 'ip', 'rehearsal_dead_link']);
    };
  };

/** The primary name server is down. */
export const dnsDown: Outage = async (hosts) => {
  const answers = async (): Promise<boolean> => (await hosts.exec('dns', ['knotc', 'status'])).exitCode === 0;
  await hosts.must('dns', ['knotc', 'stop']);
  await until(
    async () => ((await answers()) ? undefined : true),
    patience,
    () => Promise.resolve('The name server does not stop.'),
  );
  return async () => {
    await hosts.must('dns', ['knotd', '-d']);
    await until(
      async () => ((await answers()) ? true : undefined),
      patience,
      () => Promise.resolve('The name server does not start again.'),
    );
  };
};

/** A host's Postfix is ended in the middle of whatever it does, and started again at once. */
export async function restartPostfix(hosts: Pick<Hosts, 'exec' | 'must'>, host: string): Promise<void> {
  const master = (await hosts.must(host, ['postconf', '-h', 'daemon_directory'])).trim() + '/master';
  await hosts.must(host, ['postfix', 'abort']);
  await until(
    // `master -t` ends with 0 if none runs.
    async () => ((await hosts.exec(host, [master, '-t'])).exitCode === 0 ? true : undefined),
    patience,
    () => Promise.resolve(`Postfix on ${host} does not end.`),
  );
  await hosts.must(host, [master, '-w']);
}
