import type { Municipality } from '../config/municipality.js';
import { spfListsRelay } from '../migration/dns.js';
import { municipalityFor } from '../migration/domains.js';
import { isInstructed, type HosterRow } from '../migration/hoster-sheet.js';
import type { FarEnds } from '../provider/definition.js';
import { UnreachableError } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { second } from '../provider/resources/gate-rule.js';
import { earliestEnd, reachedIn, type Reached } from '../provider/resources/reached.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { domainsOf, notAsked, type Held } from './hoster-held.js';

/**
 * A hoster is told to take the relay out of an SPF record only once a deploy has: then its gate has seen that nobody may
 * send by the relay any more, and that its queue has had the time to get rid of what was sent. No stage shows that.
 * @param m as the sheet has it
 */
export async function heldBySpf(
  m: Municipality,
  rows: readonly HosterRow[],
  targets: FarEnds['targets'],
): Promise<Held[]> {
  const without = m.domains.filter((domain) => !spfListsRelay(municipalityFor(m, domain)));
  const asked = rows.filter(
    ({ record: { type, domain } }) => type === 'TXT' && without.some(({ name }) => name === domain),
  );
  // Where only a TTL is too high, the record has changed already.
  const domains = domainsOf(asked.filter((row) => row.state !== 'ttl' && isInstructed(row, [])));
  if (domains.length === 0) return [];
  try {
    const reached = reachedIn(await liveElements(targets({ kind: 'register' })), m.id);
    const listed = domains.filter((domain) => reached.declares.has(spfId(domain)));
    return listed.length === 0 ? [] : [stillListed(m, reached, listed)];
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return [{ ...notAsked(domains, error), type: 'TXT' }];
  }
}

/** As the gate calls it. */
const spfId = (domain: string): string => `spf_relay:${domain}`;

function stillListed({ id }: Municipality, reached: Reached, domains: readonly string[]): Held {
  const details = domains.map((domain) => {
    if (reached.declares.has(`sender:${domain}`))
      return `${domain}: by the register its servers may still send by the relay`;
    const hold = reached.holds.find((held) => held.id === spfId(domain));
    return hold
      ? `${domain}: the register keeps ${hold.id} until ${second(earliestEnd(hold))}`
      : `${domain}: the register still has ${spfId(domain)}`;
  });
  const failure = new Failure({
    what: `the relay may not leave the SPF record of ${domains.join(', ')} yet`,
    details,
    remedy: `npx mailversand deploy ${id} first, whose gate lets it go when nothing needs it any more; then print the sheet again`,
    rule: 'gate-hoster-spf',
    exit: ExitCode.refused,
  });
  return { domains, type: 'TXT', reason: 'spf', failure };
}
