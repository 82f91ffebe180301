import type { Domain, Municipality, StageNumber } from '../../lib/config/municipality.js';
import { changeStage, isRefusal, nextStage, type StageChange } from '../../lib/migration/stage-change.js';
import { after, at, doppelstadt, musterstadt, now, platform, teilhausen } from './examples.js';

function change(m: Municipality, to: number, seconds = 0): StageChange {
  const result = changeStage(m, platform, to, new Date(now.getTime() + seconds * 1000));
  if (isRefusal(result)) throw new Error(result.refused);
  return result;
}

const refused = (m: Municipality, to: number) => {
  const result = changeStage(m, platform, to, now);
  return isRefusal(result) ? result : undefined;
};

describe('going back keeps what the left stage brought', () => {
  test('from 4: for as long as the MX may be in caches and mail in queues', () => {
    expect(change(at(4), 3).after.kept).toEqual([{ stage: 4, since: after(0), until: after(60 + 100) }]);
  });

  test('from 3: until the NdB has the new table and its queues are empty', () => {
    expect(change(at(3), 2).after.kept).toEqual([{ stage: 3, since: after(0), until: after(20 + 100) }]);
  });

  test('from 2: until the queues of the tenants are empty', () => {
    expect(change(at(2), 1).after.kept).toEqual([{ stage: 2, since: after(0), until: after(100) }]);
  });

  test('from 1: nothing, if nothing runs over it', () => {
    expect(change(at(1), 0).after).toEqual(at(0));
  });

  test('quickly from 4 to 0: the relay leaves SPF a queue lifetime after its client; route and NAT end last', () => {
    let m = at(4);
    for (const to of [3, 2, 1, 0]) m = change(m, to, 4 - to).after;
    expect(m.kept).toEqual([
      { stage: 4, since: after(1), until: after(161) },
      { stage: 3, since: after(2), until: after(261) },
      { stage: 2, since: after(3), until: after(261) },
      { stage: 1, since: after(4), until: after(261) },
    ]);
  });

  test('from 4: for as long as a replaced server may still send', () => {
    const server = { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] };
    const m = { ...at(4), kept: [{ server, since: after(-9), until: after(200) }] };
    expect(change(m, 3).edit.add).toEqual([{ stage: 4, since: after(0), until: after(209) }]);
  });

  test('does not touch a replaced server, and replaces an entry that a hand left behind', () => {
    const server = {
      server: { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] },
      since: after(0),
      until: after(9),
    };
    const stale = { stage: 2 as const, since: after(-900), until: after(-800) };
    const { after: m, edit } = change({ ...at(2), kept: [server, stale] }, 1);
    expect(m.kept).toEqual([server, { stage: 2, since: after(0), until: after(100) }]);
    expect(edit.drop).toEqual([stale]);
  });
});

describe('going forward', () => {
  test('drops what is in force again and leaves what is not', () => {
    const back = change(change(at(4), 3).after, 2).after;
    const { after: m, edit } = change(back, 3);
    expect(m.kept.map((kept) => 'stage' in kept && kept.stage)).toEqual([4]);
    expect(edit).toMatchObject({ stage: 3, drop: [back.kept[1]], add: [] });
  });

  test('of two edges back that were not deployed, one forth leaves the first', () => {
    const one = change(at(4), 3).after;
    expect({ ...change(change(one, 2, 5).after, 3, 9).after, settling: undefined }).toEqual(one);
  });

  test.each([
    [1, 0, 301],
    [3, 2, 301],
  ] as const)(
    'what it shares with a domain that left stage %i before is kept by its own entry',
    (from, to, end) => {
      const [domain] = doppelstadt.domains as [Municipality['domains'][number]];
      const before = { stage: from, domain: domain.name, since: after(-9), until: after(300) };
      const domains = doppelstadt.domains.map((one) =>
        one === domain ? { ...one, stage: 0 as const } : one,
      );
      expect(change({ ...at(from, doppelstadt), domains, kept: [before] }, to).after.kept).toEqual([
        before,
        { stage: from, since: after(0), until: after(end) },
      ]);
    },
  );

  test('what is kept of a domain is in force again only if that domain goes so far', () => {
    const [domain] = musterstadt.domains as [Municipality['domains'][number]];
    const kept = [{ stage: 4 as const, domain: domain.name, since: after(0), until: after(100) }];
    const other = { ...domain, name: 'other.example', zone: 'other.example' };
    const standing = (stage: 3 | 4 | undefined): Municipality => ({
      ...at(3, { ...musterstadt, domains: [{ ...domain, stage }, other] }),
      kept,
    });
    expect(change(standing(3), 4).after.kept).toEqual(kept);
    expect(change(standing(4), 4).after.kept).toEqual([]);
    expect(change(standing(undefined), 4).after.kept).toEqual([]);
    expect(change(standing(3), 2).after.kept).toEqual([
      ...kept,
      { stage: 3, since: after(0), until: after(20 + 100) },
    ]);
  });

  test('begins a time of settling from stage 2 on, each edge anew, and going back leaves it running', () => {
    const settling = { since: after(0), until: after(30) };
    expect(change(at(0), 1).after.settling).toBeUndefined();
    const two = change(at(1), 2);
    expect([two.edit.settling, two.after.settling]).toEqual([settling, settling]);
    expect(change(two.after, 3, 5).after.settling).toEqual({ since: after(5), until: after(35) });
    expect(change(two.after, 1, 5)).toMatchObject({ after: { settling } });
    expect(change(two.after, 1, 5).edit).not.toHaveProperty('settling');
  });

  test('names the facts that the gate will ask for', () => {
    const untested = { ...musterstadt, connectionTestPassedOn: undefined };
    expect(change(at(1, untested), 2).missing).toEqual(['connectionTestPassedOn']);
    expect(change(at(3, untested), 2).missing).toEqual([]);
  });

  describe('where every domain has a stage of its own', () => {
    const standing = (own: StageNumber[], m = at(3, doppelstadt)): Municipality => ({
      ...m,
      domains: own.map((stage, i) => ({ ...(m.domains[i] as Domain), stage })),
    });
    const [, second] = doppelstadt.domains.map(({ name }) => name) as [string, string];

    test('those that have come so far go with their municipality, their tests asked for as their own', () => {
      const { after: m, edit, missing } = change(standing([1, 3]), 4);
      expect(edit).toMatchObject({ stage: 4, carries: [second] });
      expect(m.domains.map(({ stage }) => stage)).toEqual([1, 4]);
      expect(missing).toEqual([]);
      expect(change(standing([0, 1], at(1, doppelstadt)), 2).missing).toEqual([
        `domains[${second}].connectionTestPassedOn`,
      ]);
    });

    test('what is kept of such a domain is in force again', () => {
      const kept = [{ stage: 4 as const, domain: second, since: after(0), until: after(100) }];
      expect(change({ ...standing([1, 3]), kept }, 4).after.kept).toEqual([]);
    });

    test('nobody is carried where one would stand there anyhow, and back each keeps how far it may go', () => {
      for (const m of [standing([4, 3]), { ...standing([3, 3]), domains: doppelstadt.domains }]) {
        expect(change(m, 4).edit).not.toHaveProperty('carries');
        expect(change(m, 4).after.domains).toEqual(m.domains);
      }
      expect(change(standing([2, 3]), 2).after.domains.map(({ stage }) => stage)).toEqual([2, 3]);
    });

    test('nextStage carries them, too', () => {
      expect(nextStage(standing([1, 3]))?.domains.map(({ stage }) => stage)).toEqual([1, 4]);
    });
  });

  test('nextStage is the same edge, and ends where the routing ends', () => {
    const back = change(at(3), 2).after;
    expect({ ...change(back, 3).after, settling: undefined }).toEqual(nextStage(back));
    expect(nextStage(at(4))).toBeUndefined();
    expect(nextStage(at(3, teilhausen))).toBeUndefined();
  });
});

describe('refused', () => {
  test.each([
    [at(1), 3, 'stage-one-step', 'npx mailversand stage musterstadt 2'],
    [at(4), 0, 'stage-one-step', 'npx mailversand stage musterstadt 3'],
    [at(3, teilhausen), 4, 'stage-partial-routing', 'routing: vollstaendig'],
    [at(2), 2, 'stage-unchanged', 'nothing to write'],
    [at(4), 5, 'stage-range', '0, 1, 2, 3 and 4'],
    [at(0), -1, 'stage-range', '0, 1, 2, 3 and 4'],
    [at(0), 0.5, 'stage-range', '0, 1, 2, 3 and 4'],
    [at(0), NaN, 'stage-range', '0, 1, 2, 3 and 4'],
  ])('%# to %d: %s, with what to do', (m, to, rule, remedy) => {
    const refusal = refused(m, to);
    expect(refusal?.rule).toBe(rule);
    expect(refusal?.remedy).toContain(remedy);
  });
});
