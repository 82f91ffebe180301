import type { Diagnostic, FarEnds } from '../definition.js';
import { farEndDiagnostic } from '../diagnose.js';
import { liveElements } from '../live.js';
import { declaresMap } from './reached.js';

/**
 * What waited in a relay's queue for a way that is now there is tried at once, instead of after its back-off of up to
 * an hour. The way is there whether or not this succeeds, so a failure only warns.
 */
export async function flushDomain(relay: string, domain: string, farEnds: FarEnds): Promise<Diagnostic[]> {
  try {
    await farEnds.flush(relay, domain);
    return [];
  } catch (error) {
    const { detail } = farEndDiagnostic(error);
    return [
      {
        severity: 'warning',
        summary: `The queue of ${relay} was not flushed`,
        detail: `${detail}\n\nMail for ${domain} that waits there is tried after its back-off. At once: \`postqueue -s ${domain}\` on the relay.`,
        rule: 'not-flushed',
      },
    ];
  }
}

const route = /^relay_route:([^/]+)\/([^/]+)$/g;

/** The same for everything that a municipality has routed: the gateway does not know which of it takes this way. */
export async function flushRoutesOf(owner: string, farEnds: FarEnds): Promise<Diagnostic[]> {
  if (farEnds.provider.register === undefined) return [];
  const { all } = await liveElements(farEnds.targets({ kind: 'register' }));
  const routes = all
    .filter((row) => row.map === declaresMap && row.owner === owner)
    .flatMap(({ value }) => value.flatMap((id) => [...id.matchAll(route)]));
  const flushed = routes.map(([, relay = '', domain = '']) => flushDomain(relay, domain, farEnds));
  return (await Promise.all(flushed)).flat();
}
