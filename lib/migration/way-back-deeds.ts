import { changes } from './changes.js';
import type { DesiredState, MxRecordSet, RelayRoute, SpfRecordSet } from './elements.js';
import { germanTime } from './german-time.js';
import { liftingCommands } from './relay-lock.js';
import type { Party } from './tasks.js';

/** What somebody does beside a deploy. German: municipalities read it. */
export interface Deed {
  who: Party | 'NdB';
  when: 'vor dem Deploy' | 'nach dem Deploy';
  what: string;
}

/** Whom a step is about. */
export interface Concerned {
  /** That goes back by itself; then the stages are its own. */
  domain?: string | undefined;
  /** Domains of which the NdB has yet to confirm that they are withdrawn, before it. */
  unconfirmed: readonly string[];
}

/** What a step back asks of people, read off what it does to the desired state. */
export function deedsOf(
  before: DesiredState,
  after: DesiredState,
  { domain, unconfirmed }: Concerned,
): Deed[] {
  const edge = changes(before, after);
  const ofType = (ids: readonly { id: string }[], type: string): string[] =>
    ids.filter(({ id }) => id.startsWith(`${type}:`)).map(({ id }) => id.slice(type.length + 1));
  const locks = liftedLocks(before, after);
  const clients = ofType(edge.removed, 'relay_client');
  const ofListener = (listener: string): boolean =>
    ofType(edge.removed, 'relay_acceptance').some((key) => key.endsWith(`/${listener}`));
  const rows = ofType(edge.removed, 'matrix_entry');
  const alone = silencedDomains(before, after);
  const sendersBack = leavingSenders(before, after);
  const withdrawn = ofType(edge.removed, 'ndb_domain');
  return [
    ...mxBack(before, after, domain),
    ...(sendersBack.length > 0 ? [spfStillNames(sendersBack)] : []),
    ...(clients.length > 0 ? [silentClients] : []),
    ...(alone.length > 0 ? [silentDomains(alone)] : []),
    ...(unconfirmed.length > 0 ? [confirmedWithdrawal(unconfirmed)] : []),
    ...(ofListener('ndb') ? [silentPartners('NdB-Partnern')] : []),
    ...(ofListener('internal') ? [silentPartners('Mandanten')] : []),
    ...(locks.length > 0 ? [emptyQueue] : []),
    ...(after.stage === 3 && before.stage === 4 ? outgoingBack(after, domain) : []),
    ...hosterLater(before, after),
    ...(withdrawn.length > 0 ? withdrawal(withdrawn) : []),
    ...(rows.length > 0 ? [matrixRows(rows.length)] : []),
    ...(after.stage < before.stage ? [told(after, domain)] : []),
    ...locks,
  ];
}

const technician = 'Dataport Techniker';
const before = 'vor dem Deploy';
const later = 'nach dem Deploy';

/** Sets whose mail exchangers change; the old ones must work before they are taken again. */
function mxBack(was: DesiredState, is: DesiredState, alone?: string): Deed[] {
  return is.mxRecordSets.flatMap((set): Deed[] => {
    const old = sameDomain(was.mxRecordSets, set);
    if (old === undefined || hostsOf(old) === hostsOf(set)) return [];
    const check: Deed = {
      who: 'Kommune',
      when: before,
      what: `prüft, dass ihr bisheriger Weg trägt: ${hostsOf(set)} ${set.records.length === 1 ? 'nimmt' : 'nehmen'} aus dem Internet Mail für ${set.domain} an`,
    };
    return set.writer === 'hoster' ? [check, ...hosterFirst(set, is.municipality, alone)] : [check];
  });
}

/** The clock of what is kept runs from the edge: it must not start before the hoster's servers show the old MX. */
function hosterFirst({ domain }: MxRecordSet, municipality: string, alone?: string): Deed[] {
  const sheet = `npx mailversand hosterblatt ${municipality} --zurueck${alone === undefined ? '' : ` --domain ${alone}`}`;
  return [
    {
      who: 'Kommune',
      when: before,
      what: `lässt bei ihrem Hoster den MX von ${domain} zurückstellen, nach dem Blatt, das Dataport druckt (${sheet})`,
    },
    {
      who: technician,
      when: before,
      what: `wartet, bis jeder zuständige Nameserver den alten MX von ${domain} zeigt (${sheet} --warten)`,
    },
  ];
}

/** TTL and SPF at a hoster: nothing is lost if they change late. */
function hosterLater(was: DesiredState, is: DesiredState): Deed[] {
  const mx = is.mxRecordSets.filter((set) => {
    const old = sameDomain(was.mxRecordSets, set);
    return atHoster(set) && old !== undefined && hostsOf(old) === hostsOf(set) && old.ttl !== set.ttl;
  });
  const spf = is.spfRecordSets.filter((set) => {
    const old = sameDomain(was.spfRecordSets, set);
    return atHoster(set) && old !== undefined && old.value !== set.value;
  });
  const deed = (what: string, set: MxRecordSet | SpfRecordSet): Deed => ({
    who: 'Kommune',
    when: later,
    what: `lässt bei ihrem Hoster ${what} von ${set.domain} zurückstellen, nach dem Blatt, das Dataport druckt (npx mailversand hosterblatt ${is.municipality})`,
  });
  return [...mx.map((set) => deed('die TTL des MX', set)), ...spf.map((set) => deed('den SPF-Eintrag', set))];
}

function outgoingBack({ gate }: DesiredState, domain?: string): Deed[] {
  const held = domain === undefined ? 'relay_client:' : `sender:${domain}`;
  const ends = gate.holds.filter(({ id }) => id.startsWith(held)).map(({ until }) => until);
  return ends.slice(0, 1).map((until) => ({
    who: 'Kommune',
    when: later,
    what: `stellt ihre ausgehende Mail${domain === undefined ? '' : ` von ${domain}`} gleich auf den bisherigen Weg zurück; bis ${germanTime(until)} nimmt das Relay noch an, was in den Warteschlangen ihrer Server liegt`,
  }));
}

const silentClients: Deed = {
  who: technician,
  when: before,
  what: 'prüft, dass kein Kundenmailserver mehr über das Relay sendet (die Zähler der Freischaltung stehen still; der Deploy prüft es noch einmal)',
};

const silentDomains = (domains: readonly string[]): Deed => ({
  who: technician,
  when: before,
  what: `prüft, dass über das Relay keine Mail mehr unter ${domains.join(', ')} gesendet wird (das Protokoll des Relays; der Deploy prüft es noch einmal)`,
});

/** Domains under which nobody may send any more, while the servers still may under others. */
export const silencedDomains = (was: DesiredState, is: DesiredState): string[] =>
  is.relayClients.length === 0
    ? []
    : sendersOf(was.gate.declares).filter((domain) => !sendersOf(is.gate.declares).includes(domain));

/** Domains whose outgoing mail goes its old way again, and that have an SPF record that must permit it. */
function leavingSenders(was: DesiredState, is: DesiredState): string[] {
  const leftBefore = sendersOf(was.gate.holds.map(({ id }) => id));
  return sendersOf(is.gate.holds.map(({ id }) => id))
    .filter((domain) => !leftBefore.includes(domain))
    .filter((domain) => sameDomain(is.spfRecordSets, { domain }));
}

const sendersOf = (ids: readonly string[]): string[] =>
  ids.flatMap((id) => /^sender:(.+)$/.exec(id)?.[1] ?? []);

/** A server may have been taken out of SPF since, because it sent no more. */
const spfStillNames = (domains: readonly string[]): Deed => ({
  who: 'Kommune',
  when: before,
  what: `prüft, dass im SPF-Eintrag noch die Server stehen, über die sie früher gesendet hat, und lässt nachtragen, was fehlt (der Deploy fragt noch einmal nach denen, die er dort gesehen hat): ${domains.join(', ')}`,
});

const confirmedWithdrawal = (domains: readonly string[]): Deed => ({
  who: technician,
  when: before,
  what: `trägt den Tag ein, an dem das NdB die Abmeldung bestätigt hat (ndb.withdrawnOn): ${domains.join(', ')}`,
});

const silentPartners = (senders: string): Deed => ({
  who: technician,
  when: before,
  what: `prüft, dass von ${senders} keine Mail mehr für die Kommune kommt (das Protokoll des Relays; der Deploy prüft es noch einmal)`,
});

const emptyQueue: Deed = {
  who: technician,
  when: before,
  what: 'wartet, bis die Warteschlange des Relays keine Mail für die Kommune mehr enthält',
};

const withdrawal = (domains: readonly string[]): Deed[] => [
  { who: technician, when: later, what: `meldet beim NdB ab: ${domains.join(', ')}` },
  { who: 'NdB', when: later, what: 'bestätigt die Abmeldung und verteilt die geänderte Tabelle' },
];

const matrixRows = (count: number): Deed => ({
  who: technician,
  when: later,
  what: `beauftragt per Freischaltungsmatrix die Schließung (${count} ${count === 1 ? 'Zeile entfällt' : 'Zeilen entfallen'})`,
});

/** Of each route that goes: what it leaves at the relay, and who takes that away. */
export const liftedLocks = (before: DesiredState, after: DesiredState): Deed[] =>
  before.relayRoutes.filter((route) => !sameDomain(after.relayRoutes, route)).map(liftedLock);

/** Nothing routes the domain any more: its mail has no way but the MX, at stage 1 as at stage 0. */
const liftedLock = ({ relay, domain }: RelayRoute): Deed => ({
  who: technician,
  when: later,
  what: `hebt am Relay ${relay} die Sperre von ${domain} auf, sobald kein MX mehr auf das Relay zeigt, auch wenn die Kommune in Abschnitt 1 bleibt: bis dahin wartet dort, was Mandanten und andere Kommunen an die Domain senden (${liftingText(domain)})`,
});

function liftingText(domain: string): string {
  const [check, ...lifting] = liftingCommands(domain);
  return `zuerst ansehen: ${check}; dann: ${lifting.join('; ')}`;
}

const told = ({ stage }: DesiredState, domain?: string): Deed => ({
  who: 'Dataport Projektleitung',
  when: later,
  what: `teilt der Kommune mit, dass${domain === undefined ? '' : ` für ${domain}`} Abschnitt ${stage} wieder gilt`,
});

const sameDomain = <T extends { domain: string }>(
  sets: readonly T[],
  { domain }: { domain: string },
): T | undefined => sets.find((set) => set.domain === domain);

const hostsOf = ({ records }: MxRecordSet): string => records.map(({ host }) => host).join(', ');

const atHoster = ({ writer }: { writer: string }): boolean => writer === 'hoster';
