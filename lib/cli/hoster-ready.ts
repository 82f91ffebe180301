import type { Municipality } from '../config/municipality.js';
import { stageOfDomain } from '../migration/domains.js';
import { isAlarm, type HosterRow } from '../migration/hoster-sheet.js';
import type { FarEnds } from '../provider/definition.js';
import { UnreachableError } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { mxStage, stageOfDomainIn } from '../provider/resources/domain-edges.js';
import { reachedIn } from '../provider/resources/reached.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { unreachable } from './unreachable.js';

/** What register and relay have now, of the domains on a sheet. */
export interface Ready {
  /** Domains that stand higher in the register than in the file: their edge back is written and waits for the hoster. */
  back: string[];
  /** Of them those whose MX has been at the relay until now. */
  leaving: string[];
  /** Domains whose mail the relay takes from the Internet now, announced or only held ready. */
  taken: string[];
}

/**
 * A hoster is told to change a record only for a stage that is deployed, and to name the relay only if that
 * accepts the domain from the Internet and routes it. Both are looked up where they live; the relay only for an MX
 * that names it, or is to: a way back may be needed while it is away.
 */
export async function mustBeReady(
  m: Municipality,
  rows: readonly HosterRow[],
  targets: FarEnds['targets'],
): Promise<Ready> {
  try {
    const reached = reachedIn(await liveElements(targets({ kind: 'register' })), m.id);
    if (![m.stage, m.stage + 1].includes(reached.stage)) throw notDeployed(m, reached.stage);
    const back = m.domains
      .filter((domain) => stageOfDomainIn(reached, domain.name) > stageOfDomain(m, domain))
      .map(({ name }) => name)
      .filter((name) => domainsOf(rows).includes(name));
    const leaving = back.filter((domain) => stageOfDomainIn(reached, domain) === mxStage);
    const early = domainsOf(rows.filter((row) => isAlarm(row, back)));
    const towards = domainsOf(rows.filter(({ record }) => record.towardsRelay));
    if (early.length + towards.length === 0) return { back, leaving, taken: [] };
    const relay = await liveElements(targets({ kind: 'relay', name: m.relay }));
    const accepts = (domain: string): string | undefined => relay.get('accept_internet', [domain])?.value[0];
    // `OK` is written by the deploy that moves the MX, behind the gate; before, the relay only holds itself ready.
    const missing = towards.filter((domain) => accepts(domain) !== 'OK' || !relay.get('transport', [domain]));
    if (missing.length > 0) throw notAccepted(m, missing);
    return { back, leaving, taken: early.filter((domain) => accepts(domain) !== undefined) };
  } catch (error) {
    throw error instanceof UnreachableError
      ? unreachable(error, 'what is not known is not instructed: put the connection right, then call again')
      : error;
  }
}

const domainsOf = (rows: readonly HosterRow[]): string[] => rows.map(({ record }) => record.domain);

const notDeployed = ({ id, stage }: Municipality, reached: number): Failure =>
  new Failure({
    what: `the register says stage ${reached} of ${id}, its file says ${stage}: its hoster is told nothing yet`,
    remedy: `npx mailversand deploy ${id} first; on the way back npx mailversand hosterblatt ${id} --zurueck, before the edge`,
    rule: 'gate-hoster-not-deployed',
    exit: ExitCode.refused,
  });

const notAccepted = ({ id }: Municipality, domains: readonly string[]): Failure =>
  new Failure({
    what: `the relay does not yet accept and route ${domains.join(', ')}: no MX may point at it`,
    remedy: `npx mailversand deploy ${id} first`,
    rule: 'gate-hoster-not-accepted',
    exit: ExitCode.refused,
  });
