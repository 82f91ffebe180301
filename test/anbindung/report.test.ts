import { Protocol } from '../../lib/anbindung/finding.js';
import { reportJson, reportText } from '../../lib/anbindung/report.js';
import { musterstadt as municipality } from '../migration/examples.js';

const at = '2026-02-03T10:00:00Z';
const where = '10.128.0.1:25 (innen 192.168.10.5)';

function protocol(): Protocol {
  const seen = new Protocol(() => undefined);
  seen.passed('Verbindung', where, 'steht nach 5 ms');
  seen.failed(
    'Angekündigte Größe',
    where,
    'size-too-small',
    '50000000 Bytes; intern 100 MB braucht 105857600 Bytes',
  );
  seen.failed('Größe intern 100 MB', where, 'size-too-small', 'SIZE=104857600: 552 too big');
  seen.skipped('Umweg über musterstadt.example', where, 'nicht zu unterscheiden');
  return seen;
}

test('a fault is one finding a place, however often it shows', () => {
  expect(protocol().findings).toHaveLength(1);
});

test('the report for the municipality', () => {
  expect(reportText(municipality, protocol(), at)).toMatchSnapshot();
});

test('without findings it is passed', () => {
  const seen = new Protocol(() => undefined);
  seen.passed('Verbindung', where, 'steht nach 5 ms');
  expect(reportText(municipality, seen, at)).toContain('Ergebnis: bestanden.');
  expect(JSON.parse(reportJson(municipality, seen, at))).toMatchObject({ passed: true, findings: [] });
});

test('after an answer went out it says how what arrived is proven', () => {
  const seen = new Protocol(() => undefined);
  seen.answered = true;
  const text = reportText(municipality, seen, at).replace(/\s+/g, ' ');
  expect(text).toContain('npx mailversand anbindungstest musterstadt --antwort DATEI.');
});

test('no line is longer than a letter is wide, unless it is one word', () => {
  const lines = reportText(municipality, protocol(), at).split('\n');
  expect(lines.filter((line) => line.length > 101)).toEqual([]);
});

test('for machines: the fault’s id, its words, and every step', () => {
  const document = JSON.parse(reportJson(municipality, protocol(), at)) as Record<string, unknown>;
  expect(document).toMatchObject({
    passed: false,
    findings: [{ fault: 'size-too-small', where, by: 'Kommune' }],
  });
  expect(document['steps']).toHaveLength(4);
});
