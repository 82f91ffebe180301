import type { Municipality } from '../config/municipality.js';
import { stageTitle } from '../migration/stages.js';
import { faults } from './faults.js';
import type { Finding, Outcome, Step } from './finding.js';

const width = 100;

/** The report for the municipality: what was tried, what was found, what to do. German. */
export function reportText(
  { id, name, ags, stage }: Municipality,
  { steps, findings, answered }: Outcome,
  passedAt: string,
): string {
  return [
    `Anbindungstest ${name} (AGS ${ags}), Abschnitt ${stage} (${stageTitle(stage)}), ${passedAt}`,
    '',
    ...byPlace(steps),
    ...verdict(findings, id),
    ...(answered ? wrapped(`${goesOn} ${id} --antwort DATEI.`, 'Noch zu tun: ', ' '.repeat(13)) : []),
    '',
  ].join('\n');
}

/** The answers are on their way to a mailbox that this program cannot read. */
const goesOn =
  'Die Antworten sind im Postfach außen eingetroffen. Dort jede als Rohfassung mit allen Kopfzeilen speichern; DKIM, SPF und DMARC prüft dann npx mailversand anbindungstest';

function byPlace(steps: readonly Step[]): string[] {
  const places = [...new Set(steps.map(({ where }) => where))];
  return places.flatMap((where) => [
    where,
    ...steps.filter((step) => step.where === where).flatMap(stepLines),
    '',
  ]);
}

const marks = { true: 'in Ordnung', false: 'FEHLER', undefined: 'entfällt' } as const;

function stepLines({ title, passed, seen }: Step): string[] {
  const mark = marks[String(passed) as keyof typeof marks].padEnd(10);
  return wrapped(`${title}: ${seen}`, `  ${mark}  `, ' '.repeat(14));
}

function verdict(findings: readonly Finding[], id: string): string[] {
  if (findings.length === 0) return ['Ergebnis: bestanden. Es wurde nichts gefunden.'];
  const count = findings.length === 1 ? 'Ein Befund' : `${findings.length} Befunde`;
  return [
    `Ergebnis: nicht bestanden. ${count}:`,
    ...findings.flatMap(({ fault, where, seen }, index) => {
      const { title, meaning, remedy, by } = faults[fault];
      return [
        '',
        ...wrapped(`${title}   [${fault}]`, `${index + 1}. `, '   '),
        ...wrapped(where, '   Wo:          ', ' '.repeat(16)),
        ...wrapped(seen, '   Gesehen:     ', ' '.repeat(16)),
        ...wrapped(meaning, '   Bedeutung:   ', ' '.repeat(16)),
        ...wrapped(named(remedy, id), '   Zu tun:      ', ' '.repeat(16)),
        `   Durch:       ${by}`,
      ];
    }),
  ];
}

/** A remedy with the municipality's id in its commands, so that they can be copied. */
const named = (remedy: string, id: string): string => remedy.replace(/\bNAME\b/g, id);

/** Lines no longer than a letter's, broken at spaces. */
function wrapped(text: string, first: string, more: string): string[] {
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
}

/** The same for machines; `fault` is one of docs/anbindungstest.md. */
export function reportJson(
  { id, ags, stage }: Municipality,
  { steps, findings }: Outcome,
  at: string,
): string {
  const document = {
    municipality: id,
    ags,
    stage,
    testedAt: at,
    passed: findings.length === 0,
    findings: findings.map((finding) => {
      const fault = faults[finding.fault];
      return { ...finding, ...fault, remedy: named(fault.remedy, id) };
    }),
    steps: steps.map(({ passed, ...step }) => ({ ...step, passed: passed ?? null })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
