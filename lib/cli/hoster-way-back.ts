import { decisionText } from '../config/decision.js';
import type { Municipality } from '../config/municipality.js';
import { isInForce } from '../provider/decision.js';
import type { FarEnds, LiveElements } from '../provider/definition.js';
import { UnreachableError } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { knownRecipient } from '../provider/resources/cutover/cutover.js';
import { askHosts, tlsaOf } from '../provider/resources/cutover/look.js';
import { isPending, type Move } from '../provider/resources/cutover/move.js';
import { notTakenBack, wayBackWorks } from '../provider/resources/cutover/old-path.js';
import { recordedIn } from '../provider/resources/cutover/recorded.js';
import { findingText } from '../provider/resources/gate-rule.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { Held } from './hoster-held.js';

/**
 * A hoster moves the MX back before any deploy, so no gate has asked yet whether the servers there take the mail: the
 * sheet asks. A decision of a person (`wayBackDespite`) lets it print all the same.
 * @param told `back`: domains that go back. `early`: domains whose MX moved too early. `leaving`: those whose MX has
 * been at the relay until now, of which a server that says nothing may still show it
 * @returns `warnings`, a line each: what does not take mail and holds up no sheet, and what nobody knows; `stuck`: early
 * domains whose MX nobody may be told to put back; `held`: domains that go back, with the text of the gate's rule
 */
export async function mayTakeBack(
  { wayBackDespite: decided }: Pick<Municipality, 'wayBackDespite'>,
  told: { back: readonly string[]; early: readonly string[]; leaving: readonly string[] },
  moves: readonly Move[],
  farEnds: Pick<FarEnds, 'vantage' | 'targets' | 'now'>,
): Promise<{ warnings: string[]; stuck: string[]; held: Held[] }> {
  const asked = [...told.back, ...told.early];
  const unknown: string[] = [];
  const refused = await Promise.all(
    moves
      .filter(({ domain, towards }) => towards === 'municipality' && asked.includes(domain))
      .map(async (move) => {
        const observations = await farEnds.vantage.observe(move.domain);
        if (!isPending(move, observations, () => told.leaving.includes(move.domain))) return [];
        const [register, askedTo, tlsa] = await Promise.all([
          registerOf(farEnds),
          askHosts(move.to, [knownRecipient(move.domain)], farEnds),
          tlsaOf(move.to, farEnds),
        ]);
        if (typeof register === 'string') unknown.push(`${move.domain}: ${register}`);
        const recorded = typeof register === 'string' ? [] : recordedIn(register, move.domain);
        return notTakenBack({ move, observations, recorded, askedTo, tlsa, now: farEnds.now() }).map(
          (found) => ({ domain: move.domain, line: findingText(found) }),
        );
      }),
  );
  const found = refused.flat();
  if (isInForce(decided && decisionText(decided), farEnds.now())) {
    const lines = found.map(({ line }) => `${wayBackWorks.id}, by decision: ${line}`);
    return { warnings: [...lines, ...unknown], stuck: [], held: [] };
  }
  const ofBack = found.filter(({ domain }) => told.back.includes(domain));
  const ofEarly = found.filter((one) => !ofBack.includes(one));
  return {
    warnings: [...ofEarly.map(({ line }) => `${wayBackWorks.id}: ${line}`), ...unknown],
    stuck: domainsIn(ofEarly),
    held: ofBack.length === 0 ? [] : [notBack(ofBack)],
  };
}

interface Found {
  domain: string;
  line: string;
}

const domainsIn = (found: readonly Found[]): string[] => [...new Set(found.map(({ domain }) => domain))];

function notBack(found: readonly Found[]): Held {
  const domains = domainsIn(found);
  const failure = new Failure({
    what: `the MX of ${domains.join(', ')} may not move back: ${wayBackWorks.summary}`,
    details: found.map(({ domain, line }) => `${domain}: ${line}`),
    remedy: wayBackWorks.remedy,
    rule: wayBackWorks.id,
    exit: ExitCode.refused,
  });
  return { domains, type: 'MX', reason: 'way-back', failure };
}

/** A way back may be needed while the data centre is away. */
const registerOf = ({ targets }: Pick<FarEnds, 'targets'>): Promise<LiveElements | string> =>
  liveElements(targets({ kind: 'register' })).catch((error: unknown) => {
    if (!(error instanceof UnreachableError)) throw error;
    return `what senders may still have of an earlier MTA-STS policy, and whom SPF named before, is not known: ${error.message}`;
  });
