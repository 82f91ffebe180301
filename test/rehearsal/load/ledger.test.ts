import { latencies, Ledger, reconcile, type Entry } from '../../../lib/rehearsal/load/ledger.js';

const path = 'tenant → municipality';
const way = 'relay → NAT';

describe('reconciling by correlation id', () => {
  const book = new Ledger('load-x');
  const sent = (change: Partial<Entry> = {}): Entry =>
    Object.assign(
      book.open({ path, large: false, edge: 0, moment: 'rest' }, 1000),
      { accepted: 1010 },
      change,
    );
  const came = (at: number, by = way) => ({ at, way: by });
  const account = (entries: Entry[], queued: string[] = []) => {
    const { mails, delivered, ...lists } = reconcile(entries, new Set(queued), (_, by) => by === way);
    const found = Object.entries(lists).filter(([, list]) => list.length > 0);
    return { mails, delivered, ...Object.fromEntries(found) };
  };

  test('each mail has an id of its own, by which it is found again', () => {
    const [one, two] = [sent(), sent()];
    expect(one.correlation).not.toBe(two.correlation);
    expect(book.find(two.correlation)).toBe(two);
    expect(book.find('load-y-0')).toBeUndefined();
  });

  test('a mail that came once by its way is no event', () => {
    expect(account([sent({ arrivals: [came(1100)] })])).toEqual({ mails: 1, delivered: 1 });
  });

  test('one that is nowhere is lost; one in a queue, or that its own server has not taken, waits', () => {
    const [lost, waiting, outbox] = [sent(), sent(), sent({ accepted: undefined })];
    expect(account([lost, waiting, outbox], [waiting.correlation])).toEqual({
      mails: 3,
      delivered: 0,
      lost: [lost],
      waiting: [waiting, outbox],
    });
  });

  test('one that came back bounced, even if it also arrived', () => {
    const [back, both] = [sent({ bounces: [1200] }), sent({ bounces: [1200], arrivals: [came(1100)] })];
    expect(account([back, both])).toEqual({ mails: 2, delivered: 1, bounced: [back, both] });
  });

  test('one that came twice is doubled, one that came by another way is astray', () => {
    const twice = sent({ arrivals: [came(1100), came(1200)] });
    const astray = sent({ arrivals: [came(1100, 'over the Internet')] });
    expect(account([twice, astray])).toEqual({ mails: 2, delivered: 2, doubled: [twice], astray: [astray] });
  });

  test('latency is that of the first arrival, and large mails do not count', () => {
    const mails = [
      sent({ arrivals: [came(1500), came(9000)] }),
      sent({ large: true, arrivals: [came(9000)] }),
      sent(),
    ];
    expect(latencies(mails)).toEqual([0.5]);
  });
});
