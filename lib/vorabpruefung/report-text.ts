import { germanTime } from '../migration/german-time.js';
import type { Report, Result } from './report.js';

const sections = [
  ['problem', 'Hindernisse'],
  ['note', 'Hinweise'],
  ['unchecked', 'Nicht geprüft'],
  ['ok', 'In Ordnung'],
] as const;

const views = { outside: 'von außen', host: 'auf dem Mailserver' } as const;

/** The annex to the application, German; the scripts print the same. */
export function reportText({ program, view, at, domains, results }: Report): string {
  const of = (severity: Result['severity']): Result[] => results.filter((one) => one.severity === severity);
  const head = [
    'Vorabprüfung des Mailservers (Aufgabe 03: Verfügbarkeit lokaler Mailserver prüfen)',
    'Anlage zum Antrag auf Freischaltung',
    '',
    `Domain:    ${domains.join(', ')}`,
    `Sicht:     ${views[view]}`,
    `Stand:     ${germanTime(at)}`,
    `Programm:  ${program}`,
    `Ergebnis:  ${sections.map(([severity, title]) => `${title}: ${of(severity).length}`).join(', ')}`,
  ];
  const bodies = sections.flatMap(([severity, title]) => {
    const entries = of(severity);
    return entries.length === 0 ? [] : ['', title, ...entries.flatMap(entryLines)];
  });
  return `${[...head, ...bodies].join('\n')}\n`;
}

function entryLines({ title, domain, server, text, found, remedy }: Result): string[] {
  const where = [domain, server].filter((part) => part !== '').join(', ');
  return [
    `- ${title}${where === '' ? '' : ` (${where})`}: ${text}`,
    ...(found === '' ? [] : [`  gefunden: ${found}`]),
    ...(remedy === '' ? [] : [`  zu tun:   ${remedy}`]),
  ];
}
