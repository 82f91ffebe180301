import { duration } from './duration.js';
import {
  isAlarm,
  isInstructed,
  type HosterAnswer,
  type HosterRecord,
  type HosterRow,
} from './hoster-sheet.js';

/** Domains of which nothing, or not each record, is instructed now. */
export interface HeldUp {
  domains: readonly string[];
  /** It is about nothing but their MX, or their SPF records. @default about both */
  type?: HosterRecord['type'];
  reason: 'not-deployed' | 'relay' | 'gate' | 'spf' | 'spf-limits' | 'way-back' | 'unreachable';
}

export interface HosterSheet {
  /** Name and AGS. */
  municipality: string;
  /** Id, for commands. */
  id: string;
  /** Whether it was asked for before the edge back is written. */
  zurueck: boolean;
  /** Domains that go back. */
  back: readonly string[];
  /** What becomes of mail that comes to the relay now, of domains whose MX may not name it yet. @default unknown */
  atRelay: Readonly<Record<string, keyof typeof untilPutBack>>;
  /** Of the same, domains whose mail would not arrive if their MX were put back. */
  stuck: readonly string[];
  /** The only domain that it is about. @default all of them */
  domain?: string;
  /** What is not among the rows, because it may not be changed now. */
  held: readonly HeldUp[];
  rows: HosterRow[];
}

/**
 * The instruction sheet for whoever keeps a municipality's zones. German, to be sent and copied from: it has no command
 * of ours.
 */
export function hosterSheetText(sheet: HosterSheet): string {
  const { municipality, back, stuck, held, rows } = sheet;
  const title = `Hosterblatt ${municipality}${wayBack(sheet)}\n`;
  if (rows.length === 0)
    return `${title}\nKeine Zone liegt bei einem Hoster, oder es ist nichts einzutragen.\n`;
  const open = rows.filter((row) => isInstructed(row, back));
  const foreign = rows.filter(({ state }) => state === 'foreign');
  const early = rows.filter((row) => isAlarm(row, back));
  const putBack = early.some(({ record }) => !stuck.includes(record.domain));
  return [
    title,
    ...early.map((row) => alarm(row, sheet)),
    ...foreign.map(unknownToUs),
    ...held.map(notYet),
    `An den Betreiber der ${count(rows.map(({ record }) => record.zone))}.\n`,
    ...(open.length === 0
      ? [`${putBack ? 'Sonst ist zurzeit' : 'Zurzeit ist'} nichts zu ändern.\n`]
      : open.map((row, i) => change(row, i + 1))),
    ...rows
      .filter((row) => !open.includes(row) && !early.includes(row) && !foreign.includes(row))
      .map(asItIs),
    ...rows.filter(({ state }) => state === 'ttl').map(notLowered),
    untouched,
  ].join('\n');
}

/** None where something is held up and everything else is as it is to be: it would ask a hoster for nothing. */
export const hasSheet = ({ held, rows }: Pick<HosterSheet, 'held' | 'rows'>): boolean =>
  held.length === 0 || rows.some(({ state }) => state !== 'done');

/** Of the whole sheet, or of some of its domains, which go by themselves. */
function wayBack({ zurueck, back, rows }: HosterSheet): string {
  const domains = [...new Set(rows.map(({ record }) => record.domain))];
  const some = domains.filter((domain) => back.includes(domain));
  if (some.length === domains.length) return zurueck || some.length > 0 ? ', Rückweg' : '';
  return some.length > 0 ? `, Rückweg von ${some.join(', ')}` : '';
}

/** The command that prints this sheet. */
export const hosterSheetCall = ({
  id,
  zurueck,
  domain,
}: Pick<HosterSheet, 'id' | 'zurueck' | 'domain'>): string =>
  `npx mailversand hosterblatt ${id}${zurueck ? ' --zurueck' : ''}${domain === undefined ? '' : ` --domain ${domain}`}`;

/** What an engineer does beside the sheet; a line each, none where there is nothing to do. */
export function hosterSheetNext(sheet: HosterSheet): string[] {
  const { id, stuck, rows } = sheet;
  const has = (wanted: HosterRow['state']): boolean => rows.some(({ state }) => state === wanted);
  return [
    ...rows
      .filter(({ state }) => state === 'foreign')
      .map(
        ({ record, foreign }) =>
          `${id}.yaml has not got ${foreign.join(', ')}, which the ${what(record)} of ${record.domain} has: add it or have the hoster remove it, then print the sheet again`,
      ),
    ...stuck.map(
      (one) =>
        `Nobody is told to put the MX of ${one} back: its mail would not arrive there. Put that right, or (with full routing) reach stage 4 with ${one}, then print the sheet again`,
    ),
    ...rows
      .filter(({ otherNames }) => otherNames.length > 0)
      .map(
        ({ record, otherNames }) =>
          `${otherNames.join(', ')} in the MX of ${record.domain} counts as the relay: it has an address of it`,
      ),
    ...(rows.some(({ record, state }) => state !== 'done' && !stuck.includes(record.domain))
      ? [`To wait until every server shows it: ${hosterSheetCall(sheet)} --warten`]
      : []),
    ...(has('ttl')
      ? [`If the hoster cannot lower a TTL: npx mailversand deploy ${id} --wait 2d waits for the old one`]
      : []),
  ];
}

const what = ({ type }: HosterRecord): string => (type === 'MX' ? 'MX' : 'SPF record');

const count = (zones: readonly string[]): string => {
  const names = [...new Set(zones)];
  return names.length === 1 ? `Zone ${String(names[0])}` : `Zonen ${names.join(', ')}`;
};

const alarm = ({ record, answers, otherNames }: HosterRow, { atRelay, stuck }: HosterSheet): string =>
  [
    `ALARM: Der MX von ${record.domain} zeigt zu früh auf das Relay.`,
    ...answers.map((answer) => `  ${answer.server}: ${answerText(answer)}`),
    ...otherNames.map((name) => `  ${name} ist ein anderer Name des Relays.`),
    ...untilPutBack[atRelay[record.domain] ?? 'unknown'],
    ...(stuck.includes(record.domain)
      ? stayThere
      : [
          '  Bitte sofort zurückstellen auf:',
          ...zoneLines(record).map((line) => `    ${line}`),
          `  Dabei ${replaceMx}.`,
        ]),
    '',
  ].join('\n');

const untilPutBack = {
  taken: ['  Noch geht keine Mail verloren: Das Relay nimmt sie zurzeit an. Verlass ist darauf nicht.'],
  unrouted: [
    '  Das Relay nimmt Mail zurzeit an, kann sie aber nicht weiterleiten: Sie kann sofort zurückgehen.',
  ],
  deferred: [
    '  Noch geht keine Mail verloren: Absender werden gebeten, es später noch einmal zu versuchen.',
    '  Nach etwa fünf Tagen geben sie auf und schicken die Mail zurück.',
  ],
  unknown: [
    '  Ob das Relay die Mail zurzeit annimmt, ist nicht bekannt. Was es nicht annimmt, versuchen Absender später noch',
    '  einmal; nach etwa fünf Tagen geben sie auf und schicken die Mail zurück.',
  ],
};
const stayThere = [
  '  Bitte NICHT zurückstellen: Bei den bisherigen Servern käme die Mail zurzeit nicht an. Dataport klärt mit der',
  '  Kommune, ob sie dort bald wieder ankommt oder ob stattdessen Abschnitt 4 hergestellt wird, und gibt dann ein neues',
  '  Blatt. Bis dahin bleibt der Eintrag, wie er ist.',
];

const unknownToUs = ({ record, answers, foreign }: HosterRow): string =>
  [
    `NICHT UMSTELLEN: ${record.type === 'MX' ? 'Der MX' : 'Der SPF-Eintrag'} von ${record.domain} enthält, was Dataport nicht bekannt ist:`,
    ...foreign.map((term) => `  ${term}`),
    ...answers.map((answer) => `  ${answer.server}: ${answerText(answer)}`),
    '  Eine Umstellung würde es löschen, und Mail darüber ginge verloren. Erst klären Kommune und Dataport, ob es',
    '  bleibt oder gestrichen wird; danach gibt Dataport ein neues Blatt.',
    '',
  ].join('\n');

/** Beside what others may change, so that nobody thinks that it was forgotten. */
const notYet = ({ domains, type, reason }: HeldUp): string =>
  [
    `NOCH NICHTS ÄNDERN: ${type ? `${type === 'MX' ? 'MX' : 'SPF-Eintrag'} von ` : ''}${domains.join(', ')}`,
    `  ${reasons[reason]}`,
    `  Bis dahin bleibt ${type ? 'dieser Eintrag, wie er' : 'dort alles, wie es'} ist; danach gibt Dataport ein neues Blatt.`,
    '',
  ].join('\n');

const reasons: Readonly<Record<HeldUp['reason'], string>> = {
  'not-deployed': 'Dataport muss den Schritt erst selbst ausführen.',
  relay: 'Das Relay ist noch nicht bereit, die Mail anzunehmen und weiterzuleiten.',
  gate: 'Etwas spricht noch gegen den Wechsel; Dataport klärt es.',
  spf: 'Das Relay kann noch Mail unter der Domain absenden, die Empfänger ohne diesen Eintrag abweisen.',
  'spf-limits':
    'Empfänger müssten für den neuen Eintrag mehr nachschlagen, als sie tun; Dataport klärt mit der Kommune, was entfällt.',
  'way-back': 'Bei den bisherigen Servern käme die Mail zurzeit nicht an; Dataport klärt es mit der Kommune.',
  unreachable: 'Ob der Wechsel sicher ist, lässt sich zurzeit nicht prüfen.',
};

function change({ record, answers }: HosterRow, number: number): string {
  const { domain, zone, type, ttl } = record;
  return [
    `${number}. ${type === 'MX' ? 'MX' : 'SPF (TXT)'} von ${domain}`,
    `   Zone:  ${zone}`,
    `   Name:  ${relative(record)}   (vollständig: ${domain}.)`,
    `   Typ:   ${type}`,
    `   TTL:   ${ttl} Sekunden (${duration(ttl)})`,
    '   bisher:',
    ...before(answers).map((line) => `     ${line}`),
    '   neu (zum Kopieren):',
    ...zoneLines(record).map((line) => `     ${line}`),
    `   Wann:  ${when(record)}`,
    `   Wie:   ${type === 'MX' ? replaceMx : replaceSpf}`,
    '   Prüfen, bei jedem Nameserver der Zone:',
    ...checks(record, answers).map((line) => `     ${line}`),
    '',
  ].join('\n');
}

const when = ({ towardsRelay }: HosterRecord): string =>
  towardsRelay
    ? 'ab sofort; das Relay nimmt die Mail bereits an'
    : 'ab sofort; bis dahin bleibt alles, wie es ist';

const replaceMx =
  'alle bisherigen MX-Einträge dieses Namens in einem einzigen Schritt ersetzen; es darf nie kein MX da sein';
const replaceSpf =
  'nur den Eintrag ersetzen, der mit v=spf1 beginnt; es darf nie zwei davon geben; andere TXT-Einträge bleiben';

/** The gate lets an MX move with the TTL that a hoster cannot lower, once the old one has gone by. */
function notLowered({ record, answers }: HosterRow): string {
  const longest = duration(Math.max(...answers.map(({ ttl }) => ttl)));
  const set = record.type === 'MX' ? 'MX' : 'SPF-Eintrags';
  return `Von ${record.domain} ist nur noch die TTL des ${set} zu hoch. Kann der Hoster sie nicht senken, teilt er das Dataport
mit. Dann geht es mit der alten TTL weiter, und keine Mail geht verloren: Bei jedem Wechsel, auch dem zurück,
dauert es bis zu ${longest}, bis alle Absender folgen, und so lange müssen beide Wege Mail annehmen.
`;
}

const untouched = `Nicht ändern: alle anderen Einträge, besonders NS, A und AAAA der bisherigen Mailserver, übrige TXT-Einträge,
DKIM, DMARC und MTA-STS. Der bisherige Weg bleibt der Rückweg.
`;

const asItIs = ({ record, answers, state }: HosterRow): string =>
  [
    `${record.type === 'MX' ? 'MX' : 'SPF (TXT)'} von ${record.domain}: ${state === 'done' ? 'stimmt überall' : 'nicht überall bekannt'}`,
    ...answers
      .filter(({ problem }) => problem !== undefined)
      .map((answer) => `  ${answer.server}: ${answerText(answer)}`),
    '',
  ].join('\n');

/** Each distinct answer once, with the servers that give it where they differ. */
function before(answers: readonly HosterAnswer[]): string[] {
  if (answers.length === 0) return ['unbekannt, kein Nameserver der Zone antwortet'];
  const texts = new Map<string, string[]>();
  for (const answer of answers) {
    const text = answerText(answer);
    texts.set(text, [...(texts.get(text) ?? []), answer.server]);
  }
  return [...texts].map(([text, servers]) => (texts.size === 1 ? text : `${text}   (${servers.join(', ')})`));
}

const answerText = ({ ttl, data, problem, fault = 'silent' }: HosterAnswer): string =>
  problem === undefined
    ? data.length === 0
      ? 'kein Eintrag'
      : `TTL ${ttl}: ${data.join('; ')}`
    : `unbekannt, ${faults[fault]}`;

const faults: Readonly<Record<NonNullable<HosterAnswer['fault']>, string>> = {
  silent: 'keine Antwort',
  failure: 'ein Fehler des Nameservers',
  zone: 'der Nameserver ist für die Zone nicht zuständig',
  'no-address': 'der Nameserver hat keine bekannte IPv4-Adresse',
  'no-server': 'kein Nameserver der Zone ist zu finden',
};

/** As in a zone file. A text of more than 255 bytes stands in several strings, which readers join again. */
const zoneLines = ({ domain, ttl, type, data }: HosterRecord): string[] =>
  data.map((text) => `${domain}. ${ttl} IN ${type} ${type === 'MX' ? text : strings(text)}`);

const strings = (text: string): string =>
  [...text.matchAll(/.{1,255}/gs)].map(([part]) => `"${part.replace(/(["\\])/g, '\\$1')}"`).join(' ');

const relative = ({ domain, zone }: HosterRecord): string =>
  domain === zone ? '@' : domain.slice(0, -zone.length - 1);

/** Where no name server is known, an answer says that in words in place of an address. */
function checks({ domain, zone, type }: HosterRecord, answers: readonly HosterAnswer[]): string[] {
  const servers = answers.map(({ server }) => server).filter((server) => !server.includes(' '));
  const at = (server: string): string => `dig +norecurse @${server} ${domain}. ${type}`;
  return servers.length === 0
    ? [`dig +short ${zone}. NS`, at('NAMESERVER')]
    : servers.map((server) => at(server.replace(/:(\d+)$/, ' -p $1')));
}
