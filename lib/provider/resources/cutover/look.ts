import type { FarEnds, LiveElements } from '../../definition.js';
import { liveElements } from '../../live.js';
import { passedTest } from '../../passed-tests.js';
import { mxStage, stageOfDomainIn } from '../domain-edges.js';
import { reachedIn } from '../reached.js';
import { knownRecipient, unknownRecipient, type AskedHost, type Cutover, type Evidence } from './cutover.js';
import { hostsIn, isPending, type Move } from './move.js';
import { recordedIn, showedOther } from './recorded.js';

/** Every move of a plan, by how far it is. */
interface Sorted<Pending extends Evidence> {
  all: Evidence[];
  /** What the servers show is as it is to be. */
  made: Evidence[];
  /**
   * A hoster makes them, let through by an earlier deploy. This one does not cause them, and it may be the way back of
   * another domain.
   */
  awaited: Evidence[];
  /** The deploy would make them. */
  pending: Pending[];
}

export type Looked = Sorted<Cutover>;

/** What the name servers show of each move, and everything that the rules look at for those that the deploy would make. */
export async function lookAtMoves(
  municipality: string,
  moves: readonly Move[],
  declares: ReadonlySet<string>,
  farEnds: FarEnds,
): Promise<Looked> {
  const { pending, ...others } = await evidenceOfMoves(municipality, moves, declares, farEnds);
  return {
    ...others,
    pending: await Promise.all(pending.map((evidence) => cutoverOf(municipality, evidence, farEnds))),
  };
}

/** Whether the deploy still has to move an MX. */
export async function movesPending(
  municipality: string,
  moves: readonly Move[],
  declares: ReadonlySet<string>,
  farEnds: FarEnds,
): Promise<boolean> {
  return (await evidenceOfMoves(municipality, moves, declares, farEnds)).pending.length > 0;
}

async function evidenceOfMoves(
  municipality: string,
  moves: readonly Move[],
  declares: ReadonlySet<string>,
  farEnds: FarEnds,
): Promise<Sorted<Evidence>> {
  if (moves.length === 0) return { all: [], made: [], awaited: [], pending: [] };
  const register = await liveElements(farEnds.targets({ kind: 'register' }));
  const all = await Promise.all(moves.map((move) => evidenceOf(move, register, farEnds)));
  const reached = reachedIn(register, municipality);
  const isMade = ({ move, observations, recorded }: Evidence): boolean =>
    !isPending(
      move,
      observations,
      // Until the edge back is through, nobody knows of a server that is not seen whether it names the relay.
      (server) => stageOfDomainIn(reached, move.domain) === mxStage || showedOther(move, recorded, server),
    );
  const notMade = all.filter((evidence) => !isMade(evidence));
  const isAwaited = ({ move: { domain } }: Evidence): boolean =>
    [reached.declares, declares].every((ids) => ids.has(ofHoster(domain)));
  return {
    all,
    made: all.filter(isMade),
    awaited: notMade.filter(isAwaited),
    pending: notMade.filter((evidence) => !isAwaited(evidence)),
  };
}

/** The id by which a deploy declares that a hoster is to move the MX of a domain to the relay. */
export const ofHoster = (domain: string): string => `mx_hoster:${domain}`;

const evidenceOf = async (move: Move, register: LiveElements, farEnds: FarEnds): Promise<Evidence> => ({
  move,
  observations: await farEnds.vantage.observe(move.domain),
  recorded: recordedIn(register, move.domain),
  now: farEnds.now(),
});

async function cutoverOf(municipality: string, evidence: Evidence, farEnds: FarEnds): Promise<Cutover> {
  const { move, observations } = evidence;
  const { domain, relay } = move;
  // The servers that the zone names now, too: who has them in a cache will go on sending there.
  const named = observations.filter(({ type }) => type === 'MX').flatMap(({ data }) => hostsIn(data));
  const from = [...new Set([...move.from, ...named.filter((host) => !move.to.includes(host))])];
  const towardsRelay = move.towards === 'relay';
  const known = knownRecipient(domain);
  const [register, transport, askedTo, askedFrom, spfCost, tlsa] = await Promise.all([
    liveElements(farEnds.targets({ kind: 'register' })),
    // Going back must be possible while the relay cannot be asked.
    towardsRelay ? liveElements(farEnds.targets({ kind: 'relay', name: relay })) : undefined,
    askHosts(move.to, towardsRelay ? [known, unknownRecipient(domain)] : [known], farEnds),
    towardsRelay ? askHosts(from, [known], farEnds) : [],
    towardsRelay ? farEnds.vantage.spfCost(domain) : undefined,
    tlsaOf(move.to, farEnds),
  ]);
  return {
    ...evidence,
    askedTo,
    askedFrom,
    spfCost,
    tlsa,
    routed: transport?.get('transport', [domain]) !== undefined,
    tests: {
      anbindungstest: passedTest(register, municipality, 'anbindungstest'),
      ausgehend: passedTest(register, municipality, 'ausgehend'),
    },
    testValidity: farEnds.provider.limits.testValidity,
  };
}

/** What mail hosts answer to recipients. */
export const askHosts = (
  hosts: readonly string[],
  recipients: readonly string[],
  { vantage }: Pick<FarEnds, 'vantage'>,
): Promise<AskedHost[]> =>
  Promise.all(
    hosts.map(async (host) => ({
      host,
      answers: await vantage.askMailServer(host, recipients),
    })),
  );

/** TLSA records of mail hosts; a text: why nobody says. */
export async function tlsaOf(
  hosts: readonly string[],
  { vantage }: Pick<FarEnds, 'vantage'>,
): Promise<Cutover['tlsa']> {
  const found = await Promise.all(
    hosts.map(
      async (host) =>
        [host, await vantage.tlsa(host).catch((error: unknown) => (error as Error).message)] as const,
    ),
  );
  return Object.fromEntries(found);
}
