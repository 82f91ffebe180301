import type { Municipality } from '../../lib/config/municipality.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import * as examples from './examples.js';
import { after, now, platform, withdrawn } from './examples.js';

const musterstadt = withdrawn(examples.musterstadt);
const teilhausen = withdrawn(examples.teilhausen);
const at = (stage: 0 | 1 | 3, m = musterstadt) => examples.at(stage, m);

const kept = (stage: 1 | 2 | 3 | 4, until: number) => ({ stage, since: after(-500), until: after(until) });

describe('of what is kept', () => {
  test('goes what is over, and one sees for how long it has been', () => {
    const over = kept(4, -30);
    const review = dropKept({ ...at(3), kept: [over] }, platform, now);
    expect(review.due).toEqual([{ kept: over, overdue: 30 }]);
    expect(review.after.kept).toEqual([]);
    expect(review.edit).toEqual({ drop: [over], add: [] });
  });

  test('stays what may still be used, and one sees until when', () => {
    const using = kept(4, 30);
    const review = dropKept({ ...at(3), kept: [using] }, platform, now);
    expect(review.staying).toEqual([{ kept: using, until: after(30), why: 'may still be used' }]);
    expect(review.after.kept).toEqual([using]);
  });

  test('a route stays with the acceptance that leads to it, whatever its own entry says', () => {
    const [route, acceptance] = [kept(2, -30), kept(3, 30)];
    const review = dropKept({ ...at(1), kept: [route, acceptance] }, platform, now);
    expect(review.due).toEqual([]);
    expect(review.staying.map(({ until }) => until)).toEqual([after(30), after(30)]);
  });

  test('a replaced server goes by its own time', () => {
    const server = {
      server: { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] },
      since: after(-9),
      until: after(0),
    };
    expect(dropKept({ ...at(3), kept: [server, kept(4, 30)] }, platform, now).edit.drop).toEqual([server]);
  });
});

describe('what stage 3 brought stays until the NdB has confirmed the withdrawal', () => {
  const [acceptance, route] = [kept(3, -30), kept(2, -20)];

  test('of every domain that was reported', () => {
    const review = dropKept({ ...examples.at(1), kept: [acceptance, route] }, platform, now);
    expect(review.edit.drop).toEqual([route]);
    expect(review.staying.map(({ why }) => why)).toEqual([
      'the NdB has not confirmed the withdrawal; then write domains[musterstadt.example].ndb.withdrawnOn',
    ]);
  });

  test('one that was not has nothing to confirm', () => {
    const domains = musterstadt.domains.map((domain) => ({ ...domain, ndb: undefined }));
    expect(dropKept({ ...at(1), domains, kept: [acceptance] }, platform, now).after.kept).toEqual([]);
  });
});

describe('the relay stays in SPF until its queue is empty of what its clients sent', () => {
  const [clients, spf, route] = [kept(4, -30), kept(3, 20), kept(2, 200)];

  test('counted from when they go, however late that is', () => {
    const review = dropKept({ ...at(1), kept: [clients, spf, route] }, platform, now);
    const longer = { stage: 3 as const, since: after(0), until: after(100) };
    expect(review.edit).toEqual({ drop: [clients, spf], add: [longer] });
    expect(review.after.kept).toEqual([longer, route]);
    expect(review.staying.map(({ until }) => until)).toEqual([after(100), after(200)]);
  });

  test('what carries that stage stays as long', () => {
    const review = dropKept({ ...at(1), kept: [clients, spf, kept(2, 30)] }, platform, now);
    expect(review.after.kept.map(({ until }) => until)).toEqual([after(100), after(100)]);
  });

  test('no longer where there is no SPF string', () => {
    const domains = musterstadt.domains.map((domain) => ({ ...domain, spf: undefined }));
    const review = dropKept({ ...at(1), domains, kept: [clients, spf, route] }, platform, now);
    expect(review.after.kept).toEqual([spf, route]);
  });
});

describe('where a domain went back by itself before its municipality, SPF outlives its permission too', () => {
  const domain = 'neu.example';
  const withNeu = (own: object): Municipality => ({
    ...musterstadt,
    stage: 0,
    domains: musterstadt.domains.flatMap((one) => [one, { ...one, name: domain, ...own }]),
  });
  const alone = { ...kept(4, -1), domain };
  const [spf, route] = [kept(3, 20), kept(2, 20)];
  const longer = { since: after(0), until: after(100) };

  test('resting on what is kept of the municipality, that is kept longer', () => {
    const review = dropKept({ ...withNeu({ stage: 3 }), kept: [alone, spf, route] }, platform, now);
    expect(review.edit).toEqual({
      drop: [alone, spf, route],
      add: [
        { stage: 3, ...longer },
        { stage: 2, ...longer },
      ],
    });
  });

  test('not of a stage to which it did not go with it', () => {
    const own = { ...kept(3, 20), domain };
    const review = dropKept({ ...withNeu({ stage: 2 }), kept: [alone, own, spf, route] }, platform, now);
    expect(review.after.kept).toEqual([{ ...own, ...longer }, spf, { stage: 2, ...longer }]);
  });

  test('nor where it has no SPF', () => {
    const file = { ...withNeu({ stage: 3, spf: undefined }), kept: [alone, spf, route] };
    expect(dropKept(file, platform, now).after.kept).toEqual([spf, route]);
  });

  test('what it rests on does not go before it', () => {
    const file = { ...withNeu({ stage: 3 }), kept: [{ ...alone, until: after(50) }, spf, route] };
    const [at30, at50] = [30, 50].map((time) => dropKept(file, platform, new Date(after(time))));
    expect(at30?.due).toEqual([]);
    expect(at50?.after.kept.map(({ until }) => until)).toEqual([after(150), after(150)]);
  });

  test('one that may still send by what is kept of the municipality loses nothing', () => {
    const file = { ...withNeu({}), kept: [alone, kept(4, 10), spf, route] };
    expect(dropKept(file, platform, now).after.kept).toEqual([kept(4, 10), spf, route]);
  });
});

describe('at stage 0', () => {
  const all = [kept(3, -30), kept(2, -20), kept(1, -10)];

  test('the relay is written out of SPF by a deploy of its own, before the set is released', () => {
    const first = dropKept({ ...at(0), kept: all }, platform, now);
    expect(first.edit.drop).toEqual([all[0]]);
    expect(first.staying.map(({ why }) => why)).toEqual([
      'a deploy of its own writes the relay out of SPF first',
      'a deploy of its own writes the relay out of SPF first',
    ]);
    expect(dropKept(first.after, platform, now).after.kept).toEqual([]);
  });

  test('everything goes at once where the relay never was in an SPF string', () => {
    const domains = musterstadt.domains.map((domain) => ({ ...domain, spf: undefined }));
    expect(dropKept({ ...at(0), domains, kept: all }, platform, now).after.kept).toEqual([]);
    expect(dropKept({ ...at(0, teilhausen), kept: all }, platform, now).after.kept).toEqual([]);
  });

  test('but not before: at stage 1 the set is still declared, and everything may go at once', () => {
    expect(dropKept({ ...at(1), kept: all.slice(0, 2) }, platform, now).after.kept).toEqual([]);
  });

  test('a replaced server does not wait for SPF', () => {
    const server = {
      server: { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] },
      since: after(-9),
      until: after(0),
    };
    expect(dropKept({ ...at(0), kept: [...all, server] }, platform, now).edit.drop).toEqual([all[0], server]);
  });
});
