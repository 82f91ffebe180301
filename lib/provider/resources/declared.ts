import type { Attributes, Diagnostic, FarEnds, ResourceDefinition, Settled } from '../definition.js';
import { UnreachableError, type Element, type TargetRef } from '../element.js';
import { liveElements } from '../live.js';
import { declaredOutage, isAway } from '../outage.js';
import { declaredId, keyOfId } from '../values.js';
import { dnatRule } from './dnat-rule.js';
import { firewallOpening } from './firewall-opening.js';
import { matrixEntry } from './matrix-entry.js';
import { ndbDomain } from './ndb-domain.js';
import { relayAcceptance } from './relay-acceptance.js';
import { relayClient } from './relay-client.js';
import { relayRoute } from './relay-route.js';
import { snatRule } from './snat-rule.js';

/** What a municipality's stage declares. Record sets of the DNS are another provider's. */
export const declarable: readonly ResourceDefinition[] = [
  dnatRule,
  firewallOpening,
  matrixEntry,
  ndbDomain,
  relayAcceptance,
  relayClient,
  relayRoute,
  snatRule,
];

const byType = new Map(declarable.map((definition) => [definition.type, definition]));

interface Declared {
  id: string;
  definition: ResourceDefinition;
  key: Settled<Attributes>;
  ref: TargetRef | undefined;
}

/** An id of `declares`, understood; undefined for what another provider holds. */
function parse(id: string): Declared | undefined {
  const colon = id.indexOf(':');
  const definition = byType.get(id.slice(0, colon));
  if (!definition) return undefined;
  const key = keyOfId(definition, id.slice(colon + 1));
  return typeof key === 'string' ? undefined : { id, definition, key, ref: definition.target?.(key) };
}

/** Gateways and relays carry mail, and what stands in their elements' values; what is ordered or reported does not. */
export const carriesMail = (id: string): boolean => {
  if (/^(sender|relay_alias):/.test(id)) return true;
  const kind = parse(id)?.ref?.kind;
  return kind === 'gateway' || kind === 'relay';
};

export interface Held {
  id: string;
  element: Element;
}

/** Everything of one owner that is live, and what could not be asked. */
export interface LiveNow {
  held: Held[];
  /** Relays, and far ends in a declared outage, that do not answer, each with the reason. */
  silent: { kind: string; name: string; why: string }[];
}

/** Which far ends are asked, and which of them may stay silent. */
export interface Asking {
  /** Every relay, whether or not the ids name it: what carries mail is there, also when nobody remembers it. */
  everyRelay: boolean;
  /** Relays that need not answer: none, those that no id names, or all. */
  silentRelays: 'none' | 'unnamed' | 'all';
}

/**
 * Everything of one owner on the far ends that the ids name.
 * @throws UnreachableError where a far end does not answer that must
 */
export async function heldBy(
  owner: string,
  ids: Iterable<string>,
  farEnds: FarEnds,
  { everyRelay, silentRelays }: Asking,
): Promise<LiveNow> {
  const refs = new Map<string, TargetRef>();
  const add = (ref: TargetRef | undefined): void => {
    if (ref) refs.set(JSON.stringify(ref), ref);
  };
  for (const id of ids) add(parse(id)?.ref);
  const named = new Set(refs.keys());
  if (everyRelay) for (const { name } of farEnds.provider.relays) add({ kind: 'relay', name });
  const silent: LiveNow['silent'] = [];
  const found = await Promise.all(
    [...refs].map(async ([key, ref]) => {
      try {
        const { all } = await liveElements(farEnds.targets(ref));
        return all.filter((element) => element.owner === owner).flatMap((element) => identify(element, ref));
      } catch (error) {
        const may = silentRelays === 'all' || (silentRelays === 'unnamed' && !named.has(key));
        const isOut = declaredOutage(ref, farEnds) !== undefined && isAway(error);
        const isSilent = ref.kind === 'relay' && error instanceof UnreachableError;
        if (!may || ref.kind === 'register' || !(isOut || isSilent)) throw error;
        silent.push({ kind: ref.kind, name: ref.name, why: error.message });
        return [];
      }
    }),
  );
  return { held: found.flat(), silent };
}

function identify(element: Element, ref: TargetRef): Held[] {
  return declarable.flatMap((definition) => {
    const key = definition.keyOf?.(element, ref);
    return key ? [{ id: declaredId(definition, key), element }] : [];
  });
}

/** What each resource itself says to its going. */
export async function objections(ids: readonly string[], farEnds: FarEnds): Promise<Diagnostic[]> {
  const all = await Promise.all(ids.map((id) => objectionsTo(parse(id), farEnds)));
  return all.flat();
}

async function objectionsTo(declared: Declared | undefined, farEnds: FarEnds): Promise<Diagnostic[]> {
  if (!declared?.ref) return [];
  const { definition, key, ref, id } = declared;
  const live = definition.fromElements(key, await liveElements(farEnds.targets(ref)));
  const prior = live && { ...live, id, instance: '' };
  return (prior && definition.check?.({ prior, proposed: undefined, farEnds })) ?? [];
}
