import { desiredState } from '../../lib/migration/desired-state.js';
import { matrixCsv, matrixJson, matrixText } from '../../lib/migration/matrix-format.js';
import { matrixRows, type MatrixRow } from '../../lib/migration/matrix-table.js';
import { at, musterstadt, platform } from './examples.js';

const rows = (before: 0 | 1 | 2 | 3 | 4, after: 0 | 1 | 2 | 3 | 4, m = musterstadt): MatrixRow[] =>
  matrixRows(desiredState(at(before, m), platform), desiredState(at(after, m), platform), m.name);

const short = (list: MatrixRow[]): string[] =>
  list.map(({ direction, change, stage }) => `${direction} ${change} ${stage}`);

describe('the Freischaltungsmatrix', () => {
  test('shows what an edge orders, keeps and cancels', () => {
    expect(short(rows(0, 1))).toEqual(['eingehend neu 1']);
    expect(short(rows(1, 2))).toEqual(['eingehend bleibt 1']);
    expect(short(rows(3, 4))).toEqual(['eingehend bleibt 1', 'ausgehend neu 4']);
    expect(short(rows(4, 3))).toEqual(['eingehend bleibt 1', 'ausgehend entfällt 4']);
    expect(short(rows(4, 4))).toEqual(['eingehend bleibt 1', 'ausgehend bleibt 4']);
  });

  test('numbers its rows and says by which order they stand', () => {
    expect(rows(3, 4)[1]).toEqual({
      number: 2,
      direction: 'ausgehend',
      source: '10.128.0.1',
      destination: '10.64.0.12',
      service: 'tcp/25',
      purpose: 'E-Mail vom Kundenmailserver zum Relay',
      municipality: 'Musterstadt (15083999)',
      order: 'EGM-2025-0001',
      approvedOn: '2025-01-20',
      validUntil: '2027-12-31',
      stage: 4,
      change: 'neu',
    });
  });

  test('leaves empty what is not approved yet and what has no end', () => {
    const [row] = rows(0, 1, { ...musterstadt, order: { reference: 'EGM-2025-0001' } });
    expect([row?.approvedOn, row?.validUntil]).toEqual(['', '']);
  });
});

describe('for people and machines', () => {
  const umlauts = { ...musterstadt, name: 'Ballenstädt/Rieder' };

  test('an aligned table, Umlauts counted as one column even if written as two signs', () => {
    const composed = matrixText(rows(3, 4, umlauts));
    expect(`\n${composed}`).toMatchSnapshot();
    expect(matrixText(rows(3, 4, { ...umlauts, name: umlauts.name.normalize('NFD') }))).toBe(composed);
  });

  test('an empty matrix is its heading', () => {
    expect(matrixText([]).split('\n')).toHaveLength(3);
  });

  test('no cell can break a line of the table or move the cursor', () => {
    expect(matrixText(rows(0, 1, { ...musterstadt, name: 'A\nB\u001b[2J' }))).toContain('A B [2J');
  });

  test('CSV for a German Excel', () => {
    const csv = matrixCsv(rows(3, 4, umlauts));
    expect(csv.startsWith('\uFEFFNr.;Richtung;')).toBe(true);
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv).toMatchSnapshot();
  });

  test.each([
    ['=cmd()', `'=cmd()`],
    ['+49', `'+49`],
    ['-1', `'-1`],
    ['@x', `'@x`],
    ['a;b', '"a;b"'],
    ['say "no"', '"say ""no"""'],
    ['=a;b', `"'=a;b"`],
  ])('CSV: the cell %s becomes %s', (cell, written) => {
    const [row] = rows(0, 1);
    const csv = matrixCsv([{ ...(row as MatrixRow), order: cell }]);
    expect(csv).toContain(`;${written};2025-01-20;`);
  });

  test('JSON, as an array of rows', () => {
    expect(JSON.parse(matrixJson(rows(3, 4)))).toEqual(rows(3, 4));
  });
});
