import type { MatrixRow } from './matrix-table.js';

/** German headings, in the order in which the columns stand. */
const columns: readonly [keyof MatrixRow, string][] = [
  ['number', 'Nr.'],
  ['direction', 'Richtung'],
  ['source', 'Quelle'],
  ['destination', 'Ziel'],
  ['service', 'Dienst/Port'],
  ['purpose', 'Zweck'],
  ['municipality', 'Kommune/AGS'],
  ['order', 'Auftrag'],
  ['approvedOn', 'Genehmigt am'],
  ['validUntil', 'Gültig bis'],
  ['stage', 'Abschnitt'],
  ['change', 'Änderung'],
];

/** As an aligned table for a terminal, one line a row: control characters become blanks. */
export function matrixText(rows: readonly MatrixRow[]): string {
  const cells = table(rows).map((row) => row.map((cell) => cell.normalize('NFC').replace(/\p{Cc}/gu, ' ')));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => width(row[column] as string))));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] as number) - width(cell)))
      .join('  ')
      .trimEnd();
  const [head, ...body] = cells.map(line);
  return [head, widths.map((each) => '-'.repeat(each)).join('  '), ...body]
    .map((each) => `${each as string}\n`)
    .join('');
}

/**
 * As CSV (RFC 4180) for a German Excel: semicolons, because there the comma is the decimal point; a byte order
 * mark, without which Umlauts are misread. A cell that a spreadsheet would take for a formula gets an
 * apostrophe in front.
 */
export const matrixCsv = (rows: readonly MatrixRow[]): string =>
  '\uFEFF' +
  table(rows)
    .map((row) => row.map((cell) => quoted(harmless(cell))).join(';') + '\r\n')
    .join('');

/** As JSON for machines: an array of {@link MatrixRow}. */
export const matrixJson = (rows: readonly MatrixRow[]): string => `${JSON.stringify(rows, undefined, 2)}\n`;

/** Heading and rows as text. */
const table = (rows: readonly MatrixRow[]): string[][] => [
  columns.map(([, heading]) => heading),
  ...rows.map((row) => columns.map(([field]) => String(row[field]))),
];

const width = (cell: string): number => Array.from(cell).length;

const harmless = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

const quoted = (cell: string): string => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
