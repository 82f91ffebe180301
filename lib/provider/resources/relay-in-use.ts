import type { Diagnostic, FarEnds } from '../definition.js';
import { recipients } from './recipients.js';

/**
 * A relay that lets go of a domain while mail still comes or waits loses that mail: what is left falls back to
 * the MX, or bounces. So whatever the order of a plan, this looks before it goes.
 */
export async function refuseWhileMxPointsHere(
  relay: string,
  domain: string,
  farEnds: FarEnds,
): Promise<Diagnostic[]> {
  const hosts = farEnds.provider.relays.find(({ name }) => name === relay)?.mxHosts ?? [];
  if (hosts.length === 0) return [];
  const reasons = await farEnds.mayPointAt(domain, hosts);
  return reasons.length === 0
    ? []
    : [
        inUse(
          `Mail for ${domain} may still come to ${relay}`,
          `The MX of ${domain} on its authoritative servers:\n${reasons.map((reason) => `- ${reason}`).join('\n')}\n\nMove the MX first, and wait until none of them names the relay any more; then deploy again.`,
          reasons.map((reason) => `${domain}: ${reason}`),
        ),
      ];
}

export async function refuseWhileQueued(
  relay: string,
  domain: string,
  farEnds: FarEnds,
): Promise<Diagnostic[]> {
  const waiting = await farEnds.queue(relay, domain);
  return waiting === 0
    ? []
    : [
        inUse(
          `${relay} still holds mail for ${recipients(waiting)} of ${domain}`,
          'Without the route they would go to the MX, or bounce. Wait until they are delivered; `postqueue -p` on the relay shows why they wait.',
          [`${domain}: ${relay} still holds mail for ${recipients(waiting)}`],
        ),
      ];
}

/**
 * While an edge settles, what the municipality's servers refuse waits at the relay. As soon as that ends, all of it is
 * refused again with the next try, and bounces at once: whoever wrote it learns that it was lost. Mail that nobody has
 * refused yet is only passing through: with any traffic there is always some.
 */
export async function refuseToBounceQueued(
  relay: string,
  domain: string,
  farEnds: FarEnds,
): Promise<Diagnostic[]> {
  const deferred = await farEnds.deferred(relay, domain);
  return deferred === 0
    ? []
    : [
        {
          severity: 'error',
          summary: `mail for ${recipients(deferred)} of ${domain} was tried in vain and waits at ${relay}, and would bounce as soon as it has settled`,
          detail:
            'What the servers of the municipality refuse is kept only while the edge settles. `postqueue -p` on the relay shows each mail with the reason: mend that at the municipality’s server, and wait until no mail for the domain is deferred any more. What is not wanted there either is returned or deleted by hand, mail by mail (`postsuper -f` or `postsuper -d` with its queue id), by whoever may decide that.',
          attribute: 'soft_bounce',
          rule: 'gate-settled-queue',
        },
      ];
}

/** @param ends what it ends with, if one waits */
const inUse = (summary: string, detail: string, ends: readonly string[]): Diagnostic => ({
  severity: 'error',
  summary,
  detail,
  attribute: 'domain',
  rule: 'gate-in-use',
  waits: ends.map((what) => ({ what })),
});
