import type { Kept, Municipality } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import type { Gate } from '../../lib/migration/elements.js';
import { elementIds } from '../../lib/migration/kinds.js';
import { addServer, removeServer, serverTested } from '../../lib/migration/server-change.js';
import { changeStage, type StageChange } from '../../lib/migration/stage-change.js';
import { after, at, musterstadt, now, platform } from './examples.js';

const [old] = musterstadt.servers as [Municipality['servers'][number]];
const server = { inside: '192.168.10.6', transfer: '10.128.0.9', ports: [25] };
const joins = { ...server, joinedOn: '2025-06-01' };
const tested = { ...joins, testedOn: '2025-06-01' };

const beside = (...servers: Municipality['servers']): Municipality => ({
  ...at(4),
  servers: [old, ...servers],
});

describe('adding', () => {
  test('before mail flows a server is one of them; afterwards it joins', () => {
    expect(addServer(at(1), server, now)).toEqual({ add: server });
    expect(addServer(at(2), server, now)).toEqual({ add: joins });
  });

  test('what is kept carries mail too', () => {
    const kept = [{ stage: 2 as const, since: after(0), until: after(9) }];
    expect(addServer({ ...at(1), kept }, server, now)).toEqual({ add: joins });
  });
});

describe('a passed test', () => {
  test('is written to the server that joins', () => {
    expect(serverTested(beside(joins), platform, '10.128.0.9', now)).toEqual({
      tested: joins,
      testedOn: '2025-06-01',
      settling: { since: after(0), until: after(platform.settlingTime) },
    });
  });

  test('of a server that gets mail, or of none, is refused', () => {
    expect(serverTested(beside(tested), platform, '10.128.0.9', now)).toMatchObject({
      rule: 'server-unchanged',
    });
    expect(serverTested(beside(joins), platform, '10.128.0.7', now)).toMatchObject({
      rule: 'server-unknown',
      remedy: 'a server is named by its transfer address: 10.128.0.1, 10.128.0.9',
    });
  });
});

describe('removing', () => {
  test('while mail flows it is kept for as long as a sender keeps a mail', () => {
    expect(removeServer(beside(tested), platform, '10.128.0.1', now)).toEqual({
      remove: old,
      kept: { server: old, since: after(0), until: after(100) },
    });
  });

  test('nothing of a domain that stays behind uses it longer', () => {
    const kept = [{ stage: 3 as const, domain: 'a.example', since: after(0), until: after(500) }];
    expect(removeServer({ ...beside(tested), kept }, platform, '10.128.0.1', now)).toMatchObject({
      kept: { until: after(100) },
    });
  });

  test('one that joined is kept without its dates', () => {
    expect(removeServer(beside(tested), platform, '10.128.0.9', now)).toMatchObject({ kept: { server } });
  });

  test.each([3, 2, 1, 0])('at %d, with what is above kept, nothing of it is promised for less', (to) => {
    const two: Municipality = { ...at(4), servers: [old, server] };
    let back = two;
    for (let stage = 3; stage >= to; stage--) {
      back = (changeStage(back, platform, stage, new Date(now.getTime() - 50_000)) as StageChange).after;
    }
    const { kept } = removeServer(back, platform, old.transfer, now) as { kept: Kept };
    const gone = { ...back, servers: [server], kept: [...back.kept, kept] };
    const [was, is] = [back, gone].map((m) => desiredState(m, platform).gate) as [Gate, Gate];
    const length = ({ since, until }: Gate['holds'][number]) => Date.parse(until) - Date.parse(since);
    expect(was.holds).not.toEqual([]);
    for (const hold of was.holds) {
      const planned = is.holds.find(({ id }) => id === hold.id);
      // A row of the matrix is the same for both servers where no mail is routed; what stays declared is not held.
      if (planned === undefined) expect(is.declares).toContain(hold.id);
      else expect([length(planned) >= length(hold), planned.until >= hold.until]).toEqual([true, true]);
    }
  });

  test('before, it simply goes', () => {
    expect(removeServer({ ...at(1), servers: [old, server] }, platform, '10.128.0.1', now)).toEqual({
      remove: old,
    });
  });

  test('the last that gets mail stays', () => {
    expect(removeServer(at(1), platform, '10.128.0.1', now)).toMatchObject({
      rule: 'server-last',
      remedy: expect.stringMatching(/add TRANSFER --inside ADDRESS, .* tested TRANSFER;/) as string,
    });
    for (const m of [beside(joins), { ...beside(joins), stage: 1 as const }]) {
      expect(removeServer(m, platform, '10.128.0.1', now)).toMatchObject({
        rule: 'server-last',
        remedy: expect.stringMatching(new RegExp(`^deploy, .* tested ${joins.transfer};`)) as string,
      });
    }
    expect(removeServer(at(2), platform, '10.128.0.7', now)).toMatchObject({ rule: 'server-unknown' });
  });
});

test('of a replacement no step takes away anything that carries mail', () => {
  const kept = [{ server: old, since: after(0), until: after(100) }];
  const steps = [at(4), beside(joins), beside(tested), { ...at(4), servers: [tested], kept }];
  const carries = (id: string): boolean => !id.startsWith('matrix_entry');
  const ids = steps.map((m) => elementIds(desiredState(m, platform)).filter(carries));
  for (const [i, before] of ids.slice(0, -1).entries())
    expect(ids[i + 1]).toEqual(expect.arrayContaining(before));
});
