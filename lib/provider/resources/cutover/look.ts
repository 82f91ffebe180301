import type { FarEnds } from '../../definition.js';
import { liveElements } from '../../live.js';
import { passedTest } from '../../passed-tests.js';
import { knownRecipient, unknownRecipient, type AskedHost, type Cutover, type Evidence } from './cutover.js';
import { hostsIn, isPending, type Move } from './move.js';
import { recordedIn } from './recorded.js';

/** Everything that the rules look at, for each MX that the deploy would move now. */
export async function pendingCutovers(
  municipality: string,
  moves: readonly Move[],
  farEnds: FarEnds,
): Promise<Cutover[]> {
  const all = await Promise.all(moves.map((move) => cutoverOf(municipality, move, farEnds)));
  return all.flatMap((cutover) => cutover ?? []);
}

/** Whether an MX still has to move. */
export async function movesPending(moves: readonly Move[], farEnds: FarEnds): Promise<boolean> {
  const all = await Promise.all(
    moves.map(async (move) => isPending(move, await farEnds.vantage.observe(move.domain))),
  );
  return all.some((pending) => pending);
}

/** Where each MX that belongs to a relay is shown, now and before, whether or not it still has to move. */
export async function shownAtRelays(moves: readonly Move[], farEnds: FarEnds): Promise<Evidence[]> {
  const register = await liveElements(farEnds.targets({ kind: 'register' }));
  return Promise.all(
    moves
      .filter(({ towards }) => towards === 'relay')
      .map(async (move) => ({
        move,
        observations: await farEnds.vantage.observe(move.domain),
        recorded: recordedIn(register, move.domain),
        now: farEnds.now(),
      })),
  );
}

async function cutoverOf(municipality: string, move: Move, farEnds: FarEnds): Promise<Cutover | undefined> {
  const { domain, relay } = move;
  const observations = await farEnds.vantage.observe(domain);
  if (!isPending(move, observations)) return undefined;
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
    move,
    observations,
    recorded: recordedIn(register, domain),
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
    now: farEnds.now(),
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
