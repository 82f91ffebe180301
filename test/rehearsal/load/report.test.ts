import { Ledger, reconcile, type Entry } from '../../../lib/rehearsal/load/ledger.js';
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
  };
}

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

  test('the summary has a line for each edge', () => {
    expect(loadSummary([edge(), { ...edge(), title: 'Stage 1 → 2' }])).toMatchSnapshot();
  });
});
