import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { ofEachDomain } from './domains.js';
import { relayRoutes } from './relay.js';
import { relayOf } from './site.js';

/**
 * What a route leaves behind at the relay: mail to the domain waits, so that it never falls back to the Internet by
 * itself. Only a person lifts it (docs/relay.md, "A domain that has left").
 */
export interface RelayLock {
  relay: string;
  domain: string;
  /** Recipients whose mail waits behind it, as the relay says. @default it has not said whether there is a lock */
  waiting?: number;
}

const transport = 'lmdb:/var/lib/mailversand-relay/transport';

/**
 * What is typed on the relay, as root. The first shows the MX, which must not name the relay any more. A route in use is
 * not taken away by the second. The third tries what waits, of all domains (`postqueue -s` knows only those in the map,
 * and this one has just left it), as soon as Postfix can have no old route in its memory.
 */
export const liftingCommands = (domain: string): [check: string, lift: string, flush: string] => [
  `dig +short MX ${domain}`,
  `postmap -q ${domain} ${transport} | grep '^retry:' && runuser -u mv-relay -- postmap -d ${domain} ${transport}`,
  'sleep 31; postqueue -f',
];

/**
 * Locks that an earlier way back may have left. The file does not remember one; a domain that has passed no
 * connection test was never at stage 2, so it has none.
 * @param only one domain; undefined: all
 */
export function possibleLocks(m: Municipality, p: Platform, only?: string): RelayLock[] {
  const routed = relayRoutes(m, p).map(({ domain }) => domain);
  const relay = relayOf(m, p).name;
  return ofEachDomain(m)
    .filter(({ m: one }) => one.connectionTestPassedOn !== undefined)
    .map(({ domain }) => domain.name)
    .filter((domain) => !routed.includes(domain) && (only === undefined || only === domain))
    .map((domain) => ({ relay, domain }));
}

/** As people read it who are not engineers. German; empty where there can be no lock. */
export const locksText = (locks: readonly RelayLock[]): string =>
  [
    section(
      'Offen von einem früheren Rückweg: Das Relay hält die Domain noch gesperrt. Bis jemand das aufhebt, wartet dort,',
      '',
      locks.filter(({ waiting }) => waiting !== undefined),
    ),
    section(
      'Nur nach einem früheren Rückweg: Vielleicht hält das Relay die Domain noch gesperrt. Dann wartet dort,',
      ', wenn es eine gibt',
      locks.filter(({ waiting }) => waiting === undefined),
    ),
  ].join('');

const section = (beginning: string, ifAny: string, locks: readonly RelayLock[]): string =>
  locks.length === 0
    ? ''
    : [
        `\n${beginning}`,
        'was Mandanten und andere Kommunen an sie senden. Der erste Befehl zeigt den MX: Erst wenn er nicht mehr auf',
        `das Relay zeigt, folgt der zweite, der die Sperre aufhebt${ifAny}.`,
        ...locks.flatMap(({ relay, domain, waiting }) => [
          `  Dataport Techniker: hebt am Relay ${relay} die Sperre von ${domain} auf${behind(waiting)}`,
          ...liftingCommands(domain).map((command) => `    Befehl    ${command}`),
        ]),
        '',
      ].join('\n');

const behind = (waiting: number | undefined): string => {
  if (waiting === undefined) return '';
  return waiting === 0
    ? ' (zurzeit wartet dort keine Mail)'
    : ` (zurzeit wartet dort Mail an ${waiting} Empfänger)`;
};
