import type { FarEnds, LastMail, LiveElements, Wait } from '../definition.js';
import { ConflictError, type Element, RefusedError, UnreachableError } from '../element.js';
import { liveElements } from '../live.js';
import { timestamp } from '../time.js';
import { heldBy, type Held } from './declared.js';

/**
 * A way by which mail comes that only its use can tell from a dead one, by the id of what permits it, and a mark
 * that changes with every mail: the connections that the gateway has counted, or the last mail in the relay's log.
 */
export interface Path {
  id: string;
  mark: string;
  /** From when on the log has everything, RFC 3339 UTC; undefined: the mark is not from a log. */
  logSince?: string;
}

/** Evidence in the register: since when the mark has stood still. */
export interface Silent extends Omit<Path, 'logSince'> {
  /** When it was first seen so, RFC 3339 UTC. */
  since: string;
  /** When it was seen so last. */
  seenAt: string;
}

export const silenceMap = 'silence';

/** The evidence with one more look. What came between two looks and left the log again was heard by nobody. */
export const heard = (known: Silent | undefined, path: Path, at: string): Silent =>
  known?.mark === path.mark && !isGap(known, path)
    ? { ...known, seenAt: at }
    : { id: path.id, mark: path.mark, since: at, seenAt: at };

/** Whether the log began only after the last look. */
const isGap = ({ seenAt }: Silent, { logSince = '' }: Path): boolean => logSince > seenAt;

/** Why a path may not be called silent; empty: for so many seconds nothing has come by it. */
export function notSilent(path: Path, known: Silent | undefined, silenceTime: number, now: Date): Wait[] {
  const { id, mark } = path;
  if (!known) return [{ what: `${id} was never looked at: its clock has not begun` }];
  if (known.mark !== mark) return [{ what: `${id}: ${difference(known, path)} since ${known.seenAt}` }];
  if (isGap(known, path))
    return [
      {
        what: `${id} was looked at last at ${known.seenAt}, and the log goes back to ${path.logSince}: its clock begins anew with the next look`,
      },
    ];
  const end = new Date(Date.parse(known.since) + silenceTime * 1000);
  return now < end ? [{ what: `${id} is silent since ${known.since}`, until: timestamp(end) }] : [];
}

function difference({ mark: was }: Silent, { id, mark: is }: Path): string {
  if (!isClient(id)) return 'mail came by it';
  const [[before, ...from], [now, ...fromNow]] = [was.split(' '), is.split(' ')];
  return from.join() === fromNow.join()
    ? `new connections (${Number(now) - Number(before)})`
    : 'its counter began anew';
}

export const isClient = (id: string): boolean => id.startsWith('relay_client:');

/** A domain under which a municipality may send by a relay, its own or one that its users forward. */
const senderOf = (id: string): string | undefined => /^(?:sender|forwarding):(.+)$/.exec(id)?.[1];

/** What permits a municipality to send. */
export const permitsSending = (id: string): boolean => isClient(id) || senderOf(id) !== undefined;

/** What its users forward goes when they say so; nothing holds it, so its silence is known before. */
const isForwarding = (id: string): boolean => id.startsWith('forwarding:');

/** Relay, class and domain of an acceptance from a closed network, where silence means that nobody sends there any more. */
const listenerOf = (id: string): { relay: string; domain: string; listener: string } | undefined => {
  const [, relay, domain, listener] = /^relay_acceptance:([^/]+)\/([^/]+)\/(internal|ndb)$/.exec(id) ?? [];
  return relay && domain && listener ? { relay, domain, listener } : undefined;
};

/** Where no server may send any more, its connections say all that mails under a domain could. */
export function usedAlone(leaving: readonly string[], declares: ReadonlySet<string>): string[] {
  const mayOthersSend = [...declares].some(isClient);
  return leaving.filter((id) => mayOthersSend || senderOf(id) === undefined);
}

/** Of what goes, the ways whose use nothing has measured. */
export const unmeasured = (leaving: readonly string[], measured: readonly Path[]): string[] =>
  leaving.filter((id) => (permitsSending(id) || listenerOf(id)) && !measured.some((path) => path.id === id));

/** The openings by which the connections of a client come in, found by the translation that gives it its address. */
export function openingsOf(id: string, held: readonly Held[]): string[] {
  const address = id.slice(id.lastIndexOf('/') + 1);
  const hidden = held.flatMap(({ id: rule, element: { key, value } }) => {
    const [, gateway] = /^snat_rule:([^/]+)\//.exec(rule) ?? [];
    return gateway && value[0] === address ? `firewall_opening:${gateway}/${key[0]}/${key[2]}/` : [];
  });
  return held
    .map((one) => one.id)
    .filter((opening) => hidden.some((beginning) => opening.startsWith(beginning)));
}

/** The present mark of each path among these ids. What nothing can measure is left out. */
export async function measure(
  ids: readonly string[],
  held: readonly Held[],
  farEnds: FarEnds,
): Promise<Path[]> {
  const all = await Promise.all(ids.map((id) => pathOf(id, held, farEnds)));
  return all.flat();
}

async function pathOf(id: string, held: readonly Held[], farEnds: FarEnds): Promise<Path[]> {
  const listener = listenerOf(id);
  if (listener)
    return inLogs(id, [await farEnds.lastMail(listener.relay, listener.listener, listener.domain)]);
  const sender = senderOf(id);
  if (sender !== undefined) return inLogs(id, await lastUnder(sender, held, farEnds));
  if (!isClient(id)) return [];
  const openings = openingsOf(id, held);
  if (openings.length === 0) return [];
  const counted = await Promise.all(openings.map((opening) => farEnds.connections(opening)));
  const sum = counted.reduce((all, { count }) => all + count, 0);
  return [{ id, mark: [sum, ...counted.map(({ countedFrom }) => countedFrom)].join(' ') }];
}

/** A path by which nothing has come that is in none of these logs; none where nobody may send. */
function inLogs(id: string, last: readonly LastMail[]): Path[] {
  const logSince = last
    .map((one) => one.logSince)
    .sort()
    .at(-1);
  return logSince === undefined ? [] : [{ id, mark: last.map((one) => one.id).join(' '), logSince }];
}

/** The last mail under a domain from each server of its owner. */
async function lastUnder(domain: string, held: readonly Held[], farEnds: FarEnds): Promise<LastMail[]> {
  const clients = held
    .filter(({ id }) => isClient(id))
    .map(({ id }) => id.slice('relay_client:'.length).split('/'));
  return Promise.all(
    clients.map(([relay = '', address = '']) => farEnds.lastMail(relay, `customers/${address}`, domain)),
  );
}

/** What the register has about these paths. */
export const recordedSilence = (live: LiveElements, municipality: string): Silent[] =>
  live.all.filter(({ map, key }) => map === silenceMap && key[0] === municipality).map(parse);

/** What is declared of a municipality, and what of it is held because it may still be used. */
interface Stands {
  declares: Iterable<string>;
  holds: readonly { readonly id: string }[];
}

/** Ids of what may go as soon as it is silent. */
export const watched = ({ declares, holds }: Stands): string[] => [
  ...holds.map(({ id }) => id).filter((id) => permitsSending(id) || listenerOf(id)),
  ...[...declares].filter(isForwarding),
];

/**
 * Looks at what is held, and writes into the register since when it is silent. A far end that cannot be asked holds up
 * nobody: then no clock begins.
 */
export async function recordSilence(
  municipality: string,
  owner: string,
  stands: Stands,
  farEnds: FarEnds,
): Promise<void> {
  const ids = watched(stands);
  if (ids.length === 0) return;
  const clients = [...stands.declares].filter(isClient);
  const named = [...stands.holds.map(({ id }) => id), ...clients];
  const asked = heldBy(owner, named, farEnds, { everyRelay: false, silentRelays: 'none' });
  const paths = await asked.then(async ({ held }) => {
    const each = await Promise.all(ids.map((id) => measure([id], held, farEnds).catch(nobody)));
    return each.flat();
  }, nobody);
  const register = farEnds.targets({ kind: 'register' });
  const live = await liveElements(register);
  const at = timestamp(farEnds.now());
  const rows = paths.map((path) => {
    const place = { map: silenceMap, key: [municipality, path.id] };
    const found = live.get(silenceMap, place.key);
    return { place, found, put: { ...format(municipality, heard(found && parse(found), path, at)), owner } };
  });
  await register
    .apply({
      expect: rows.map(({ place, found }) => ({ at: place, found })),
      put: rows.map(({ put }) => put),
      remove: [],
    })
    // Somebody else looks at the same time: what he has written is as good.
    .catch((error: unknown) => {
      if (!(error instanceof ConflictError || error instanceof RefusedError)) throw error;
    });
}

function nobody(error: unknown): Path[] {
  if (error instanceof UnreachableError || error instanceof RefusedError) return [];
  throw error;
}

const format = (municipality: string, { id, mark, since, seenAt }: Silent): Element => ({
  map: silenceMap,
  key: [municipality, id],
  value: [mark, since, seenAt],
});

function parse({ key: [, id = ''], value: [mark = '', since = '', seenAt = ''] }: Element): Silent {
  return { id, mark, since, seenAt };
}
