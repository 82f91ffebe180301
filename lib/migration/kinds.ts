import type { DesiredState } from './elements.js';

/** What a municipality's stage and `kept` ask for, without the gate that speaks about it. */
export type Declared = Omit<DesiredState, 'gate'>;

/** One element with its id across all kinds, `<type>:<key>`; the key is what the resource is imported by. */
export interface Identified {
  id: string;
  element: object;
}

type Key<T> = (element: T) => readonly (string | number)[];
type Kind = (state: Declared) => Identified[];

const kind =
  <T extends object>(type: string, list: (state: Declared) => readonly T[], key: Key<T>): Kind =>
  (state) =>
    list(state).map((element) => ({ id: `${type}:${key(element).join('/')}`, element }));

/** Key of each kind, as in the resource of the same name. */
export const keys = {
  dnatRule: ({ gateway, ingress, address, protocol, port }) => [gateway, ingress, address, protocol, port],
  snatRule: ({ gateway, ingress, egress, source, destination }) => [
    gateway,
    ingress,
    egress,
    source,
    destination,
  ],
  opening: ({ gateway, ingress, source, destination, protocol, port }) => [
    gateway,
    ingress,
    source,
    destination,
    protocol,
    port,
  ],
  matrixEntry: ({ municipality, entry }) => [municipality, entry],
  mxRecordSet: ({ domain }) => [domain],
  spfRecordSet: ({ domain }) => [domain],
  relayRoute: ({ relay, domain }) => [relay, domain],
  relayAcceptance: ({ relay, domain, class: listener }) => [relay, domain, listener],
  relayClient: ({ relay, address }) => [relay, address],
  ndbDomain: ({ domain }) => [domain],
} satisfies {
  dnatRule: Key<DesiredState['dnatRules'][number]>;
  snatRule: Key<DesiredState['snatRules'][number]>;
  opening: Key<DesiredState['openings'][number]>;
  matrixEntry: Key<DesiredState['matrix'][number]>;
  mxRecordSet: Key<DesiredState['mxRecordSets'][number]>;
  spfRecordSet: Key<DesiredState['spfRecordSets'][number]>;
  relayRoute: Key<DesiredState['relayRoutes'][number]>;
  relayAcceptance: Key<DesiredState['relayAcceptances'][number]>;
  relayClient: Key<DesiredState['relayClients'][number]>;
  ndbDomain: Key<DesiredState['ndbDomains'][number]>;
};

const kinds: Kind[] = [
  kind('dnat_rule', (s) => s.dnatRules, keys.dnatRule),
  kind('snat_rule', (s) => s.snatRules, keys.snatRule),
  kind('firewall_opening', (s) => s.openings, keys.opening),
  kind('matrix_entry', (s) => s.matrix, keys.matrixEntry),
  kind('mx', (s) => s.mxRecordSets, keys.mxRecordSet),
  kind('spf', (s) => s.spfRecordSets, keys.spfRecordSet),
  kind('relay_route', (s) => s.relayRoutes, keys.relayRoute),
  kind('relay_acceptance', (s) => s.relayAcceptances, keys.relayAcceptance),
  kind('relay_client', (s) => s.relayClients, keys.relayClient),
  kind('ndb_domain', (s) => s.ndbDomains, keys.ndbDomain),
];

/** In code unit order, the same on every machine. */
export const byId = (a: { id: string }, b: { id: string }): number =>
  Number(a.id > b.id) - Number(a.id < b.id);

/** Every element of a desired state with its id, sorted by id. */
export const identified = (state: Declared): Identified[] => kinds.flatMap((each) => each(state)).sort(byId);

/** Ids (`<type>:<key>`) of everything that a desired state declares, sorted. */
export const elementIds = (state: Declared): string[] => identified(state).map(({ id }) => id);
