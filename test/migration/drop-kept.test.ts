import { dropKept } from '../../lib/migration/drop-kept.js';
import { after, at, musterstadt, now, teilhausen } from './examples.js';

const kept = (stage: 1 | 2 | 3 | 4, until: number) => ({ stage, since: after(-500), until: after(until) });

describe('of what is kept', () => {
  test('goes what is over, and one sees for how long it has been', () => {
    const over = kept(4, -30);
    const review = dropKept({ ...at(3), kept: [over] }, now);
    expect(review.due).toEqual([{ kept: over, overdue: 30 }]);
    expect(review.after.kept).toEqual([]);
    expect(review.edit).toEqual({ drop: [over], add: [] });
  });

  test('stays what may still be used, and one sees until when', () => {
    const using = kept(4, 30);
    const review = dropKept({ ...at(3), kept: [using] }, now);
    expect(review.staying).toEqual([{ kept: using, until: after(30), why: 'may still be used' }]);
    expect(review.after.kept).toEqual([using]);
  });

  test('a route stays with the acceptance that leads to it, whatever its own entry says', () => {
    const [route, acceptance] = [kept(2, -30), kept(3, 30)];
    const review = dropKept({ ...at(1), kept: [route, acceptance] }, now);
    expect(review.due).toEqual([]);
    expect(review.staying.map(({ until }) => until)).toEqual([after(30), after(30)]);
  });

  test('a replaced server goes by its own time', () => {
    const server = {
      server: { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] },
      since: after(-9),
      until: after(0),
    };
    expect(dropKept({ ...at(3), kept: [server, kept(4, 30)] }, now).edit.drop).toEqual([server]);
  });
});

describe('at stage 0', () => {
  const all = [kept(3, -30), kept(2, -20), kept(1, -10)];

  test('the relay is written out of SPF by a deploy of its own, before the set is released', () => {
    const first = dropKept({ ...at(0), kept: all }, now);
    expect(first.edit.drop).toEqual([all[0]]);
    expect(first.staying.map(({ why }) => why)).toEqual([
      'a deploy of its own writes the relay out of SPF first',
      'a deploy of its own writes the relay out of SPF first',
    ]);
    expect(dropKept(first.after, now).after.kept).toEqual([]);
  });

  test('everything goes at once where the relay never was in an SPF string', () => {
    const domains = musterstadt.domains.map((domain) => ({ ...domain, spf: undefined }));
    expect(dropKept({ ...at(0), domains, kept: all }, now).after.kept).toEqual([]);
    expect(dropKept({ ...at(0, teilhausen), kept: all }, now).after.kept).toEqual([]);
  });

  test('but not before: at stage 1 the set is still declared, and everything may go at once', () => {
    expect(dropKept({ ...at(1), kept: all.slice(0, 2) }, now).after.kept).toEqual([]);
  });

  test('a replaced server does not wait for SPF', () => {
    const server = {
      server: { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] },
      since: after(-9),
      until: after(0),
    };
    expect(dropKept({ ...at(0), kept: [...all, server] }, now).edit.drop).toEqual([all[0], server]);
  });
});
