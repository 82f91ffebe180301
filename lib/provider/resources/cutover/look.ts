import type { FarEnds } from '../../definition.js';
import { liveElements } from '../../live.js';
import { passedTest } from '../../passed-tests.js';
import { knownRecipient, type AskedHost, type Cutover } from './cutover.js';
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

async function cutoverOf(municipality: string, move: Move, farEnds: FarEnds): Promise<Cutover | undefined> {
  const { domain, relay } = move;
  const observations = await farEnds.vantage.observe(domain);
  if (!isPending(move, observations)) return undefined;
  // The servers that the zone names now, too: who has them in a cache will go on sending there.
  const named = observations.filter(({ type }) => type === 'MX').flatMap(({ data }) => hostsIn(data));
  const from = [...new Set([...move.from, ...named.filter((host) => !move.to.includes(host))])];
  const ask = (hosts: readonly string[]): Promise<AskedHost[]> => askHosts(hosts, domain, farEnds);
  const [register, transport, askedTo, askedFrom, spfCost, tlsa] = await Promise.all([
    liveElements(farEnds.targets({ kind: 'register' })),
    // Going back must be possible while the relay cannot be asked.
    move.towards === 'relay' ? liveElements(farEnds.targets({ kind: 'relay', name: relay })) : undefined,
    ask(move.to),
    move.towards === 'relay' ? ask(from) : [],
    move.towards === 'relay' ? farEnds.vantage.spfCost(domain) : undefined,
    move.towards === 'relay' ? tlsaOf(move.to, farEnds) : {},
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

/** What mail hosts answer to a recipient that every domain has. */
export const askHosts = (
  hosts: readonly string[],
  domain: string,
  farEnds: Pick<FarEnds, 'vantage'>,
): Promise<AskedHost[]> =>
  Promise.all(
    hosts.map(async (host) => ({
      host,
      answers: await farEnds.vantage.askMailServer(host, [knownRecipient(domain)]),
    })),
  );

async function tlsaOf(hosts: readonly string[], { vantage }: FarEnds): Promise<Cutover['tlsa']> {
  const found = await Promise.all(
    hosts.map(
      async (host) =>
        [host, await vantage.tlsa(host).catch((error: unknown) => (error as Error).message)] as const,
    ),
  );
  return Object.fromEntries(found);
}
