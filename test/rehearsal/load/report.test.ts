import { Ledger, reconcile, toNeighbour, type Entry } from '../../../lib/rehearsal/load/ledger.js';
import { edgeLoadText, isFlawless, loadSummary, type EdgeLoad } from '../../../lib/rehearsal/load/report.js';
import { pathNames } from '../../../lib/rehearsal/paths.js';

const noon = Date.parse('2025-03-01T12:00:00Z');

/** Four mails a path, two of them at rest; `harm` does something to the first. */
function edge(harm: (mail: Entry) => void = () => undefined, queued: string[] = []): EdgeLoad {
  const book = new Ledger('load-1');
  for (const path of pathNames) {
    for (const [n, moment] of (['rest', 'rest', 'edge', 'edge'] as const).entries()) {
      const mail = book.open({ path, large: n === 3, edge: 0, moment }, noon + n * 1000);
      mail.accepted = mail.begun + 10;
      mail.arrivals = [{ at: mail.begun + (moment === 'rest' ? 100 : 250), way: 'direct' }];
    }
  }
  for (const mail of book.entries.slice(0, 1)) harm(mail);
  return {
    title: 'Stage 0 → 1',
    entries: book.entries,
    account: reconcile(book.entries, new Set(queued), (_, way) => way === 'direct'),
    mx: { asked: 5000, answered: 4990, empty: 0, seconds: 4 },
    queuePeak: 3,
    rate: 50,
    least: { mails: 45, mxAnswers: 1000, large: true },
  };
}

const without = (stays: (mail: Entry) => boolean): Entry[] => edge().entries.filter(stays);

describe('what is said of a load', () => {
  test('an edge that harmed no mail', () => {
    expect(edgeLoadText(edge(), 'Musterstadt')).toMatchSnapshot();
    expect(isFlawless(edge())).toBe(true);
  });

  test.each<[string, (mail: Entry) => void]>([
    ['lost', (mail) => (mail.arrivals = [])],
    ['bounced', (mail) => mail.bounces.push(noon)],
    ['doubled', (mail) => mail.arrivals.push({ at: noon + 5000, way: 'direct' })],
    ['astray', (mail) => mail.arrivals.forEach((arrival) => (arrival.way = 'over the Internet'))],
  ])('one mail that was %s is counted, named and no success', (kind, harm) => {
    const harmed = edge(harm);
    expect(isFlawless(harmed)).toBe(false);
    expect(edgeLoadText(harmed, 'Musterstadt')).toContain(
      `  ${kind}: load-1-0, internet → municipality, sent 12:00:00.000`,
    );
    expect(loadSummary([edge(), harmed])).toMatch(new RegExp(`1 ${kind === 'astray' ? 'by a way' : kind}`));
  });

  test('a mail that still waits is no success, nor is an empty answer', () => {
    expect(isFlawless(edge((mail) => (mail.arrivals = []), ['load-1-0']))).toBe(false);
    expect(isFlawless({ ...edge(), mx: { asked: 1, answered: 1, empty: 1, seconds: 1 } })).toBe(false);
  });

  test.each<[string, Partial<EdgeLoad>]>([
    ['44.0 mails a second instead of at least 45', { rate: 44 }],
    [
      '999.5 MX answers a second instead of at least 1000',
      { mx: { asked: 1999, answered: 1999, empty: 0, seconds: 2 } },
    ],
    ['the MX was never answered', { mx: { asked: 9, answered: 0, empty: 0, seconds: 2 } }],
    [
      'no mail was sent on municipality → ndb',
      { entries: without((mail) => mail.path !== 'municipality → ndb') },
    ],
    ['no large mail was sent on tenant → municipality', { entries: without((mail) => !mail.large) }],
  ])('a load that fell short is no success, though it harmed nothing: %s', (what, short) => {
    const lagging = { ...edge(), ...short };
    expect(isFlawless(lagging)).toBe(false);
    expect(loadSummary([lagging])).toContain(`Stage 0 → 1: the load fell short: ${what}\n`);
  });

  test('where nothing more is asked, and beside a dead neighbour, large mails and rates may be missing', () => {
    const entries = without((mail) => !mail.large);
    const slow = { rate: 1, mx: { asked: 1, answered: 1, empty: 0, seconds: 1 } };
    expect(isFlawless({ ...edge(), ...slow, entries, least: { large: false } })).toBe(true);
    const first = entries.slice(0, 1).map((mail): Entry => ({ ...mail, path: toNeighbour }));
    expect(isFlawless({ ...edge(), entries: [...entries, ...first] })).toBe(true);
  });

  test('the summary has a line for each edge', () => {
    expect(loadSummary([edge(), { ...edge(), title: 'Stage 1 → 2' }])).toMatchSnapshot();
  });
});
