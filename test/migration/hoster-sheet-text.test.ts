import type { Municipality } from '../../lib/config/municipality.js';
import { hosterRow, type HosterAnswer, type HosterRow } from '../../lib/migration/hoster-sheet.js';
import {
  hasSheet,
  hosterSheetNext,
  hosterSheetText,
  type HosterSheet,
} from '../../lib/migration/hoster-sheet-text.js';
import { at, doppelstadt, platform } from './examples.js';
import { atHoster, own, records, relay, row, says, silent } from './hoster-rows.js';

const props = (rows: HosterRow[], more: Partial<HosterSheet> = {}): HosterSheet => ({
  municipality: 'Musterstadt (AGS 15083999)',
  id: 'musterstadt',
  zurueck: false,
  back: [],
  atRelay: {},
  stuck: [],
  held: [],
  rows,
  ...more,
});
const sheet = (rows: HosterRow[], more?: Partial<HosterSheet>): string => hosterSheetText(props(rows, more));
const next = (rows: HosterRow[], more?: Partial<HosterSheet>): string[] => hosterSheetNext(props(rows, more));
const goesBack = { back: ['musterstadt.example'] };

test('what somebody has added at the hoster is named, and nothing is instructed that would take it away', () => {
  const newsletter = 'v=spf1 mx ip4:198.51.100.25 include:newsletter.example -all';
  const text = sheet([row(at(4, atHoster), 1, says('192.0.2.1:53', 60, newsletter))]);
  expect(text).toContain('NICHT UMSTELLEN: Der SPF-Eintrag von musterstadt.example enthält');
  expect(text).toContain('  include:newsletter.example\n');
  expect(text).not.toContain('zum Kopieren');
  expect(sheet([row(at(4, atHoster), 0, says('a', 60, '20 backup.example.'))])).toContain('Der MX von');
});

describe('the sheet', () => {
  test('of stage 4: the MX moves, SPF stands already', () => {
    const spf = 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx ip4:198.51.100.25 -all';
    const rows = [
      row(at(4, atHoster), 0, says('192.0.2.1:53', 60, own), says('192.0.2.2:53', 3600, own)),
      row(at(4, atHoster), 1, says('192.0.2.1:53', 3600, spf), says('192.0.2.2:53', 3600, spf)),
    ];
    expect(sheet(rows)).toMatchSnapshot();
  });

  test('of the way back, in a zone above the domain', () => {
    const domains = atHoster.domains.map((domain) => ({ ...domain, zone: 'example' }));
    const rows = [row(at(3, { ...atHoster, domains }), 0, says('192.0.2.1:53', 60, relay))];
    const text = sheet(rows, { ...goesBack, zurueck: true });
    expect(text).toContain('Hosterblatt Musterstadt (AGS 15083999), Rückweg\n');
    expect(text).not.toContain('ALARM');
    expect(text).toContain('Name:  musterstadt   (vollständig: musterstadt.example.)');
    expect(text).toContain('musterstadt.example. 60 IN MX 10 mail.musterstadt.example.');
    expect(next(rows, { zurueck: true }).join()).toContain('--zurueck --warten');
    expect(next(rows, { zurueck: true, domain: 'a.example' }).join()).toContain(
      'hosterblatt musterstadt --zurueck --domain a.example --warten',
    );
  });

  test('of the way back once its edge is written: --zurueck would be one stage too far', () => {
    const rows = [row(at(3, atHoster), 0, says('192.0.2.1:53', 60, relay))];
    expect(sheet(rows, goesBack)).toContain(', Rückweg\n');
    expect(next(rows, goesBack).join()).toContain('hosterblatt musterstadt --warten');
  });

  test('of one domain that goes back by itself: no alarm, and whose way back it is', () => {
    const [domain] = atHoster.domains;
    if (!domain) throw new Error('no domain');
    const m = { ...atHoster, domains: [domain, { ...domain, name: 'neu.example', stage: 3 as const }] };
    const rows = [
      row(at(4, m), 0, says('192.0.2.1:53', 60, relay)),
      row(at(4, m), 1, says('192.0.2.1:53', 60, relay)),
    ];
    const text = sheet(rows, { back: ['neu.example'] });
    expect(text).toContain('Hosterblatt Musterstadt (AGS 15083999), Rückweg von neu.example\n');
    expect(text).toContain('MX von musterstadt.example: stimmt überall');
    expect(text).toContain('neu.example. 60 IN MX 10 mail.musterstadt.example.');
    expect(text).not.toContain('ALARM');
  });

  test('of an SPF record: only the string with v=spf1, long ones in parts', () => {
    const value = `v=spf1 ${'ip4:198.51.100.25 '.repeat(15)}"\\ -all`;
    const domains = atHoster.domains.map((domain) => ({ ...domain, spf: { ttl: 60, value } }));
    const text = sheet([row(at(1, { ...atHoster, domains }), 1, says('192.0.2.1:53', 60, 'v=spf1 -all'))]);
    expect(text).toContain('nur den Eintrag ersetzen, der mit v=spf1 beginnt');
    expect(text).toMatch(/IN TXT "v=spf1 [^"]{248}" "[^"]*\\"\\\\ -all"/);
    expect(text).toContain('bis dahin bleibt alles, wie es ist');
  });

  test('of an early move: an alarm, what is there and what belongs there', () => {
    const rows = [row(at(3, atHoster), 0, says('192.0.2.1:53', 60, relay), silent('192.0.2.2:53'))];
    const text = sheet(rows, { atRelay: { 'musterstadt.example': 'deferred' } });
    expect(text).toContain('ALARM: Der MX von musterstadt.example zeigt zu früh auf das Relay.');
    expect(text).toContain('192.0.2.2:53: unbekannt, keine Antwort\n');
    expect(text).toContain('musterstadt.example. 60 IN MX 10 mail.musterstadt.example.');
    expect(text).toContain('Absender werden gebeten, es später noch einmal zu versuchen');
    expect(text).toContain(
      'Dabei alle bisherigen MX-Einträge dieses Namens in einem einzigen Schritt ersetzen',
    );
    expect(text).toContain('Sonst ist zurzeit nichts zu ändern.');
  });

  test.each([
    ['taken', 'Das Relay nimmt sie zurzeit an.', /später noch/],
    ['unrouted', 'Sie kann sofort zurückgehen.', /später noch|keine Mail verloren/],
    ['deferred', 'Absender werden gebeten, es später noch einmal zu versuchen.', /nicht bekannt/],
    ['unknown', 'Ob das Relay die Mail zurzeit annimmt, ist nicht bekannt.', /keine Mail verloren/],
  ] as const)('of an early move says what becomes of the mail: %s', (state, said, untrue) => {
    const rows = [row(at(3, atHoster), 0, says('192.0.2.1:53', 60, relay))];
    const text = sheet(rows, { atRelay: { 'musterstadt.example': state } });
    expect(text).toContain(said);
    expect(text).not.toMatch(untrue);
    expect(text).toContain('Bitte sofort zurückstellen auf:');
  });

  test('of an early move from servers where the mail would not arrive: it stays, and why', () => {
    const rows = [row(at(3, atHoster), 0, says('192.0.2.1:53', 60, relay))];
    const stuck = {
      stuck: ['musterstadt.example'],
      atRelay: { 'musterstadt.example': 'deferred' as const },
    };
    const text = sheet(rows, stuck);
    expect(text).toMatchSnapshot();
    expect(text).not.toContain('sofort zurückstellen');
    expect(text).not.toContain('IN MX');
    expect(next(rows, stuck)).toEqual([
      expect.stringContaining('Nobody is told to put the MX of musterstadt.example back'),
    ]);
  });

  test('of a hoster who cannot lower a TTL: what that costs, and how it goes on', () => {
    const rows = [
      row(at(3, atHoster), 0, says('192.0.2.1:53', 3600, own), silent('192.0.2.2:53')),
      row(
        at(3, atHoster),
        1,
        says(
          '192.0.2.1:53',
          86_400,
          'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx ip4:198.51.100.25 -all',
        ),
      ),
    ];
    const text = sheet(rows);
    expect(text).toContain('TTL:   60 Sekunden (1 Minute)');
    expect(text).toContain('ist nur noch die TTL des MX zu hoch');
    expect(text).toContain('dauert es bis zu 1 Stunde, bis alle Absender folgen');
    expect(text).toContain('ist nur noch die TTL des SPF-Eintrags zu hoch');
    expect(next(rows).join()).toContain('npx mailversand deploy musterstadt --wait 2d');
  });

  test('with a server that cannot be asked', () => {
    const rows = [row(at(4, atHoster), 0, says('192.0.2.1:53', 60, relay), silent('192.0.2.2:53'))];
    expect(sheet(rows)).toContain('MX von musterstadt.example: nicht überall bekannt');
    expect(sheet([row(at(1, atHoster), 1), row(at(1, doppelstadt), 0)])).toContain('Zonen');
  });

  test('where nobody can say what stands there says what is to stand there', () => {
    for (const answers of [[], [silent('192.0.2.1:53')], [silent('name servers of musterstadt.example')]]) {
      const text = sheet([row(at(4, atHoster), 0, ...answers)]);
      expect(text).not.toContain('nichts zu ändern');
      expect(text).toContain(`musterstadt.example. 60 IN MX ${relay}`);
      expect(text).toMatch(/bisher:\n {5}unbekannt, /);
      expect(text).not.toContain('@name servers of');
    }
  });

  test('has no command of ours and no name of our files: those are said beside it', () => {
    const foreign = row(at(4, atHoster), 0, says('a', 60, '20 backup.example.'));
    const spf = row(at(4, atHoster), 1, says('a', 60, 'v=spf1 include:newsletter.example -all'));
    for (const [i, rows] of [
      [foreign, spf],
      [row(at(4, atHoster), 0, says('a', 61, relay))],
      [row(at(4, atHoster), 0, says('a', 60, own))],
      [row(at(3, atHoster), 0, says('a', 60, relay))],
    ].entries()) {
      expect(sheet(rows)).not.toMatch(/mailversand|yaml|deploy|--/i);
      expect(next(rows).length).toBe([3, 2, 1, 1][i]);
    }
    expect(next([foreign, spf])[1]).toContain('musterstadt.yaml has not got include:newsletter.example');
    expect(next([row(at(4, atHoster), 0, says('a', 60, relay))])).toEqual([]);
  });

  test('of a municipality without a zone at a hoster', () => {
    expect(sheet([])).toContain('Keine Zone liegt bei einem Hoster');
  });
});

describe('a relay that the zone calls by another name', () => {
  const named = (m: Municipality, ...answers: HosterAnswer[]): HosterRow => {
    const [record] = records(m);
    if (!record) throw new Error('no record');
    return hosterRow(record, answers, ['alt.hoster.example'], m, platform);
  };
  const alias = says('192.0.2.1:53', 60, '10 alt.hoster.example.');

  test('is not unknown: its MX gets the right name', () => {
    const moving = named(at(4, atHoster), alias);
    expect(moving).toMatchObject({ state: 'change', foreign: [] });
    expect(sheet([moving])).toContain(`musterstadt.example. 60 IN MX ${relay}`);
  });

  test('on the way back the sheet says whither', () => {
    const text = sheet([named(at(3, atHoster), alias)], goesBack);
    expect(text).toContain('musterstadt.example. 60 IN MX 10 mail.musterstadt.example.');
    expect(text).not.toContain('NICHT UMSTELLEN');
  });

  test('moved too early is an alarm, and both sides are told by which name', () => {
    const rows = [named(at(3, atHoster), alias)];
    expect(sheet(rows)).toContain('  alt.hoster.example ist ein anderer Name des Relays.\n');
    expect(next(rows).join()).toContain('alt.hoster.example in the MX of musterstadt.example counts as');
  });

  test('beside somebody who is not known at all is not touched', () => {
    const both = says('192.0.2.1:53', 60, '10 alt.hoster.example.', '20 backup.example.');
    expect(named(at(4, atHoster), both)).toMatchObject({ state: 'foreign', foreign: ['backup.example.'] });
  });
});

describe('domains that are held up', () => {
  const others = [row(at(4, atHoster), 0, says('192.0.2.1:53', 60, own))];

  test.each([
    ['not-deployed', 'Dataport muss den Schritt erst selbst ausführen.'],
    ['relay', 'Das Relay ist noch nicht bereit'],
    ['gate', 'Etwas spricht noch gegen den Wechsel'],
    ['way-back', 'Bei den bisherigen Servern käme die Mail zurzeit nicht an'],
    ['unreachable', 'Ob der Wechsel sicher ist, lässt sich zurzeit nicht prüfen.'],
  ] as const)('are named beside the others, with the reason: %s', (reason, said) => {
    const text = sheet(others, { held: [{ domains: ['neu.example'], reason }] });
    expect(text).toContain(`NOCH NICHTS ÄNDERN: neu.example\n  ${said}`);
    expect(text).toContain(`musterstadt.example. 60 IN MX ${relay}`);
    expect(text).not.toMatch(/neu\.example.* IN /);
  });

  test('with nothing but their MX', () => {
    const text = sheet(others, { held: [{ domains: ['neu.example'], type: 'MX', reason: 'gate' }] });
    expect(text).toContain('NOCH NICHTS ÄNDERN: MX von neu.example\n');
    expect(text).toContain('  Bis dahin bleibt dieser Eintrag, wie er ist;');
  });

  test('are no reason for a sheet, if all the rest is as it is to be', () => {
    const held = [{ domains: ['neu.example'], reason: 'gate' }] as const;
    const done = [row(at(4, atHoster), 0, says('192.0.2.1:53', 60, relay))];
    expect(hasSheet({ held, rows: done })).toBe(false);
    expect(hasSheet({ held, rows: [...done, ...others] })).toBe(true);
    expect(hasSheet({ held: [], rows: done })).toBe(true);
  });

  test('with nothing but their SPF record, while the relay may still send', () => {
    const text = sheet(others, { held: [{ domains: ['neu.example'], type: 'TXT', reason: 'spf' }] });
    expect(text).toContain(
      'NOCH NICHTS ÄNDERN: SPF-Eintrag von neu.example\n  Das Relay kann noch Mail unter der Domain absenden',
    );
  });
});

describe('what a server says is said in German', () => {
  test.each([
    ['keine Antwort', 'silent'],
    ['ein Fehler des Nameservers', 'failure'],
    ['der Nameserver ist für die Zone nicht zuständig', 'zone'],
    ['der Nameserver hat keine bekannte IPv4-Adresse', 'no-address'],
    ['kein Nameserver der Zone ist zu finden', 'no-server'],
  ] as const)('unbekannt, %s', (said, fault) => {
    const text = sheet([row(at(4, atHoster), 0, { ...silent('192.0.2.1:53'), fault })]);
    expect(text).toContain(`     unbekannt, ${said}\n`);
    expect(text).not.toContain('no answer');
  });

  test('no record is an answer too', () => {
    expect(sheet([row(at(4, atHoster), 0, says('a', 0))])).toContain('     kein Eintrag\n');
  });
});
