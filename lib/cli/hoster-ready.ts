import type { Municipality } from '../config/municipality.js';
import { hosterSheetCall } from '../migration/hoster-sheet-text.js';
import { isAlarm, type HosterRow } from '../migration/hoster-sheet.js';
import type { FarEnds } from '../provider/definition.js';
import { UnreachableError } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { mxStage, stageOfDomainIn } from '../provider/resources/domain-edges.js';
import { mailAtRelay, type MailAtRelay } from '../provider/resources/mail-at-relay.js';
import { reachedIn, type Reached } from '../provider/resources/reached.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { domainsOf, notAsked, notHeld, nothingKnown, type Held } from './hoster-held.js';
import { domainStages, type DomainStages } from './stage-reached.js';

/** What register and relay have now, of the domains on a sheet. */
export interface Ready {
  /** Domains that stand higher in the register than in the file: their edge back is written and waits for the hoster. */
  back: string[];
  /** Of them those whose MX has been at the relay until now. */
  leaving: string[];
  /** What becomes of the mail of domains whose MX moved too early. */
  atRelay: Record<string, MailAtRelay>;
  held: Held[];
}

/**
 * A hoster is told to change a record only for a stage that is deployed, and to name the relay only if that
 * accepts the domain from the Internet and routes it. Both are looked up where they live; the relay only for an MX
 * that names it, or is to: a way back may be needed while it is away.
 * @throws Failure where the register does not answer
 */
export async function whatIsReady(
  m: Municipality,
  rows: readonly HosterRow[],
  targets: FarEnds['targets'],
): Promise<Ready> {
  const register = await liveElements(targets({ kind: 'register' })).catch((error: unknown) => {
    throw error instanceof UnreachableError ? nothingKnown(error) : error;
  });
  const reached = reachedIn(register, m.id);
  const stages = domainStages(m, reached).filter(({ domain }) => domainsOf(rows).includes(domain));
  const undeployed = stages.filter(({ file, register }) => ![file, file + 1].includes(register));
  const held = undeployed.length === 0 ? [] : [notDeployed(m, reached, undeployed)];
  const free = notHeld(rows, held);
  const back = stages
    .filter(({ domain, file, register }) => register === file + 1 && domainsOf(free).includes(domain))
    .map(({ domain }) => domain);
  const leaving = back.filter((domain) => stageOfDomainIn(reached, domain) === mxStage);
  const early = domainsOf(free.filter((row) => isAlarm(row, back)));
  const found = early.map(
    async (domain) => [domain, await mailAtRelay(m.relay, domain, { targets })] as const,
  );
  const towards = domainsOf(free.filter(({ record }) => record.towardsRelay));
  return {
    back,
    leaving,
    atRelay: Object.fromEntries(await Promise.all(found)),
    held: [...held, ...(await heldByRelay(m, towards, targets))],
  };
}

async function heldByRelay(
  m: Municipality,
  towards: readonly string[],
  targets: FarEnds['targets'],
): Promise<Held[]> {
  if (towards.length === 0) return [];
  try {
    const relay = await liveElements(targets({ kind: 'relay', name: m.relay }));
    // `OK` is written by the deploy that moves the MX, behind the gate; before, the relay only holds itself ready.
    const missing = towards.filter(
      (domain) =>
        relay.get('accept_internet', [domain])?.value[0] !== 'OK' || !relay.get('transport', [domain]),
    );
    return missing.length === 0 ? [] : [notAccepted(m, missing)];
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return [{ ...notAsked(towards, error), type: 'MX' }];
  }
}

function notDeployed(m: Municipality, reached: Reached, stages: readonly DomainStages[]): Held {
  const { id } = m;
  const domains = stages.map(({ domain }) => domain);
  const calls =
    m.stage === reached.stage
      ? domains.map((domain) => hosterSheetCall({ id, zurueck: true, domain }))
      : [hosterSheetCall({ id, zurueck: true })];
  const failure = new Failure({
    what: `the register and the file of ${id} differ about ${domains.join(', ')}: the hoster is told nothing of it yet`,
    details: stages.map(
      ({ domain, file, register }) => `${domain}: the register says stage ${register}, its file says ${file}`,
    ),
    remedy: `npx mailversand deploy ${id} first; on the way back ${calls.join(', ')}, before the edge`,
    rule: 'gate-hoster-not-deployed',
    exit: ExitCode.refused,
  });
  return { domains, reason: 'not-deployed', failure };
}

const notAccepted = ({ id }: Municipality, domains: readonly string[]): Held => ({
  domains,
  type: 'MX',
  reason: 'relay',
  failure: new Failure({
    what: `the relay does not yet accept and route ${domains.join(', ')}: no MX may point at it`,
    remedy: `npx mailversand deploy ${id} first`,
    rule: 'gate-hoster-not-accepted',
    exit: ExitCode.refused,
  }),
});
