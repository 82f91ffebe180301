import type { Municipality } from '../config/municipality.js';
import { germanTime } from '../migration/german-time.js';
import { sendingDomains } from '../migration/relay.js';
import { stageTitle } from '../migration/stages.js';
import { faults } from './faults.js';
import { hasPassed, type Outcome, type Step } from './finding.js';

/** Columns of a letter. */
const letter = 100;

/**
 * The report for the municipality: what was tried, what was found, what to do. German.
 * @param columns of the terminal; no line is longer than a letter's
 */
export function reportText(
  municipality: Municipality,
  outcome: Outcome,
  at: string,
  columns = letter,
): string {
  const { steps, answered } = outcome;
  const { id, name, ags, stage, network } = municipality;
  const lines = linesOf(Math.min(columns, letter));
  const files = sendingDomains(municipality)
    .map(() => '--antwort DATEI')
    .join(' ');
  const title = `Anbindungstest ${name} (AGS ${ags}), Abschnitt ${stage} (${stageTitle(stage)}),`;
  return [
    ...lines(`${title} ${germanTime(at)}`),
    ...lines(`Ihr Mailserver sieht das Relay unter der Alias-Adresse ${network.relayAlias}.`),
    '',
    ...byPlace(steps, lines),
    ...verdict(outcome, municipality, lines),
    ...hints(outcome, lines),
    ...unchecked(steps, lines),
    ...(answered ? lines(`${goesOn} ${id} ${files}.`, 'Noch zu tun: ', ' '.repeat(13)) : []),
    '',
  ].join('\n');
}

/** The answers are on their way to a mailbox that this program cannot read. */
const goesOn =
  'Die Antworten sind im Postfach außen eingetroffen. Dort jede als Rohfassung mit allen Kopfzeilen speichern; DKIM, SPF und DMARC prüft dann npx mailversand anbindungstest';

function byPlace(steps: readonly Step[], lines: Lines): string[] {
  const places = [...new Set(steps.map(({ where }) => where))];
  return places.flatMap((where) => [
    where,
    ...steps.filter((step) => step.where === where).flatMap((step) => stepLines(step, lines)),
    '',
  ]);
}

const marks = { true: 'in Ordnung', false: 'FEHLER', undefined: 'nicht geprüft' } as const;

function stepLines({ title, passed, seen }: Step, lines: Lines): string[] {
  const mark = marks[String(passed) as keyof typeof marks].padEnd(13);
  return lines(`${title}: ${seen}`, `  ${mark}  `, ' '.repeat(17));
}

function verdict(outcome: Outcome, municipality: Municipality, lines: Lines): string[] {
  if (hasPassed(outcome)) return ['Ergebnis: bestanden. Es wurde kein Fehler gefunden.'];
  const { findings, missingAnswers } = outcome;
  if (findings.length === 0)
    return lines(
      `noch nicht bewiesen: es fehlt die Antwort von ${missingAnswers.join(', ')}. Die Antworten aller Domains zusammen übergeben, jede mit einem eigenen --antwort.`,
      'Ergebnis: ',
    );
  const count = findings.length === 1 ? 'Ein Befund' : `${findings.length} Befunde`;
  return [
    `Ergebnis: nicht bestanden. ${count}:`,
    ...findings.flatMap(({ fault, where, domain, seen, at }, index) => {
      const { title, meaning, remedy, by } = faults[fault];
      return [
        '',
        ...lines(
          `${title}${domain === undefined ? '' : ` (${domain})`}   [${fault}]`,
          `${index + 1}. `,
          '   ',
        ),
        ...lines(where, '   Wo:          ', ' '.repeat(16)),
        `   Wann:        ${germanTime(at)}`,
        ...lines(seen, '   Gesehen:     ', ' '.repeat(16)),
        ...lines(meaning, '   Bedeutung:   ', ' '.repeat(16)),
        ...lines(named(remedy, municipality), '   Zu tun:      ', ' '.repeat(16)),
        `   Durch:       ${by}`,
      ];
    }),
  ];
}

/** What may as well be a mistake of the list as of the server, so the test is passed all the same. */
function hints({ recipients }: Outcome, lines: Lines): string[] {
  if (!recipients) return [];
  const { refused, undecided } = recipients;
  const hint = (text: string): string[] => ['', ...lines(text, 'Hinweis: ', ' '.repeat(9))];
  const who = refused.length === 1 ? 'Eine Adresse' : `${refused.length} Adressen`;
  const whom = undecided === 1 ? 'einer Adresse' : `${undecided} Adressen`;
  return [
    ...(refused.length === 0
      ? []
      : [
          ...hint(`${who} der Liste weist Ihr Mailserver ab:`),
          ...refused.map((address) => `   ${address}`),
          ...lines(recipientRefused, '   Zu tun:      ', ' '.repeat(16)),
        ]),
    ...(undecided === 0 ? [] : hint(`Zu ${whom} ${recipientsUndecided}`)),
  ];
}

const recipientRefused =
  'Die Schreibweise prüfen. Stimmt sie, die Adresse am Mailserver einrichten, oder Platz darin schaffen und sie für Absender von außen freigeben. Den Test mit der Liste frühestens nach zehn Minuten wiederholen lassen: So lange merkt sich das Relay die Antwort.';
const recipientsUndecided =
  'der Liste hat Ihr Mailserver nicht oder nur vorläufig geantwortet. Den Test mit der Liste wiederholen lassen; bleibt es so, das Protokoll des Mailservers ansehen.';

/** What is not known all the same: nobody shall take it for passed. */
function unchecked(steps: readonly Step[], lines: Lines): string[] {
  const titles = [...new Set(steps.flatMap(({ title, passed }) => (passed === undefined ? title : [])))];
  return titles.length === 0
    ? []
    : ['', ...lines(`Nicht geprüft (warum, steht oben): ${titles.join('; ')}.`)];
}

/** A remedy with the municipality's id in its commands, and the address that its servers see, so that it can be copied. */
const named = (remedy: string, { id, network }: Municipality): string =>
  remedy.replace(/\bNAME\b/g, id).replace(/\bALIAS\b/g, network.relayAlias);

/** Breaks a text at spaces, `first` before its first line and `more` before the others. */
type Lines = (text: string, first?: string, more?: string) => string[];

const linesOf =
  (width: number): Lines =>
  (text, first = '', more = '') => {
    const lines: string[] = [];
    let line = first;
    for (const word of text.split(' ')) {
      if (line.length + word.length > width && line.trim() !== first.trim() && line !== more) {
        lines.push(line.trimEnd());
        line = more;
      }
      line += `${word} `;
    }
    return [...lines, line.trimEnd()];
  };

/**
 * The same for machines; `fault` is one of docs/anbindungstest.md. A step that was not tried has `passed: null`. Hints
 * are no findings: they do not fail the test.
 */
export function reportJson(municipality: Municipality, outcome: Outcome, at: string): string {
  const { steps, findings, missingAnswers, recipients } = outcome;
  const { id, ags, stage } = municipality;
  const document = {
    municipality: id,
    ags,
    stage,
    testedAt: at,
    passed: hasPassed(outcome),
    missingAnswers,
    findings: findings.map((finding) => {
      const fault = faults[finding.fault];
      return { ...finding, ...fault, remedy: named(fault.remedy, municipality) };
    }),
    recipients: recipients ? { ...recipients, refused: recipients.refused.length } : null,
    hints: (recipients?.refused ?? []).map((address) => ({
      hint: 'recipient-refused',
      address,
      remedy: recipientRefused,
    })),
    steps: steps.map(({ passed, ...step }) => ({ ...step, passed: passed ?? null })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
