import { Protocol } from '../../lib/anbindung/finding.js';
import { reportJson, reportText } from '../../lib/anbindung/report.js';
import { doppelstadt, musterstadt as municipality } from '../migration/examples.js';

const at = '2026-02-03T10:00:00Z';
const where = 'Mailserver 192.168.10.5, Transferadresse 10.128.0.1:25';
const seenAt = (): Date => new Date('2026-02-03T09:58:30Z');

function protocol(): Protocol {
  const seen = new Protocol(() => undefined, seenAt);
  seen.passed('Verbindung', where, 'steht nach 5 ms');
  seen.failed(
    'Angekündigte Größe',
    where,
    'size-too-small',
    'angekündigt sind 50000000 Bytes, nötig 105857600 (intern 100 MB)',
  );
  seen.failed('Größe intern 100 MB', where, 'size-too-small', 'SIZE=104857600: 552 too big');
  seen.skipped('Umweg über musterstadt.example', where, 'erst, wenn der Server unbekannte Empfänger abweist');
  return seen;
}

test('a fault is one finding a place, however often it shows', () => {
  expect(protocol().findings).toHaveLength(1);
});

test('what each domain must have is a finding for each, which says the domain', () => {
  const seen = new Protocol(() => undefined, seenAt);
  for (const domain of ['a.example', 'a.example', 'b.example']) {
    seen.failed(`Empfänger postmaster@${domain}`, where, 'postmaster-missing', '550 5.1.1', domain);
    seen.failed(`Testpostfach anbindungstest@${domain}`, where, 'greylisting', '450 4.2.0', domain);
  }
  expect(seen.findings.map(({ fault, domain }) => [fault, domain])).toEqual([
    ['postmaster-missing', 'a.example'],
    ['greylisting', undefined],
    ['postmaster-missing', 'b.example'],
  ]);
  const text = reportText(municipality, seen, at);
  for (const domain of ['a.example', 'b.example'])
    expect(text).toContain(`Die Adresse postmaster nimmt keine Mail an (${domain})`);
});

test('the report for the municipality', () => {
  expect(reportText(municipality, protocol(), at)).toMatchSnapshot();
});

test('without findings it is passed', () => {
  const seen = new Protocol(() => undefined, seenAt);
  seen.passed('Verbindung', where, 'steht nach 5 ms');
  expect(reportText(municipality, seen, at)).toContain('Ergebnis: bestanden.');
  expect(JSON.parse(reportJson(municipality, seen, at))).toMatchObject({ passed: true, findings: [] });
});

test('after an answer went out it says how what arrived is proven', () => {
  const seen = new Protocol(() => undefined, seenAt);
  seen.answered = true;
  const sending = { ...doppelstadt, stage: 4 as const };
  const text = reportText(sending, seen, at).replace(/\s+/g, ' ');
  expect(text).toContain('npx mailversand anbindungstest doppelstadt --antwort DATEI --antwort DATEI.');
});

test('no line is longer than a letter or the terminal is wide, unless it is one word', () => {
  for (const [columns, width] of [
    [undefined, 100],
    [80, 80],
    [200, 100],
  ] as const) {
    const lines = reportText(municipality, protocol(), at, columns).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
  }
});

test('what was not tried is said beside a passed test, too, and is neither passed nor failed for machines', () => {
  const seen = new Protocol(() => undefined, seenAt);
  seen.passed('Verbindung', where, 'steht nach 5 ms');
  seen.skipped('Spam (GTUBE)', where, 'erst, wenn gewöhnliche Nachrichten angenommen werden');
  const text = reportText(municipality, seen, at);
  expect(text).toContain('Ergebnis: bestanden.');
  expect(text).toContain('Nicht geprüft (warum, steht oben): Spam (GTUBE).');
  const { passed, steps } = JSON.parse(reportJson(municipality, seen, at)) as Record<string, unknown>;
  expect([passed, steps]).toEqual([true, [expect.anything(), expect.objectContaining({ passed: null })]]);
});

test('a remedy has the address that the municipality sees, to be copied', () => {
  const seen = new Protocol(() => undefined, seenAt);
  seen.failed('Testpostfach', where, 'greylisting', '450 4.2.0 Greylisted');
  for (const print of [reportText, reportJson])
    expect(print(municipality, seen, at).replace(/\s+/g, ' ')).toContain(
      'Die Alias-Adresse 192.168.10.250 vom Greylisting ausnehmen.',
    );
});

test('for machines: the fault’s id, its words, and every step', () => {
  const document = JSON.parse(reportJson(municipality, protocol(), at)) as Record<string, unknown>;
  expect(document).toMatchObject({
    passed: false,
    findings: [{ fault: 'size-too-small', where, by: 'Kommune' }],
  });
  expect(document['steps']).toHaveLength(4);
});

describe('a list of recipients', () => {
  const listed = (recipients: Protocol['recipients']): Protocol => {
    const seen = new Protocol(() => undefined, seenAt);
    seen.passed('Empfänger der Liste', 'Relay, Eingang Internet (203.0.113.10)', '9 bestätigt');
    if (recipients) seen.recipients = recipients;
    return seen;
  };
  const some = {
    accepted: 9,
    refused: ['vertippt@musterstadt.example', 'weg@musterstadt.example'],
    undecided: 3,
  };

  test('who is refused stands in the report of a passed test, with what to do', () => {
    expect(reportText(municipality, listed(some), at)).toMatchSnapshot();
  });

  test('for machines: counts, and a hint for each that is refused', () => {
    const document = JSON.parse(reportJson(municipality, listed(some), at)) as Record<string, unknown>;
    expect(document).toMatchObject({
      passed: true,
      findings: [],
      recipients: { accepted: 9, refused: 2, undecided: 3 },
      hints: some.refused.map((address) => ({ hint: 'recipient-refused', address })),
    });
  });

  test('without a refusal, or without a list, there is no hint', () => {
    for (const recipients of [{ accepted: 9, refused: [], undecided: 0 }, undefined]) {
      expect(reportText(municipality, listed(recipients), at)).not.toContain('Hinweis');
      const document = JSON.parse(reportJson(municipality, listed(recipients), at)) as Record<
        string,
        unknown
      >;
      expect(document).toMatchObject({ hints: [], recipients: recipients ? { refused: 0 } : null });
    }
  });
});
