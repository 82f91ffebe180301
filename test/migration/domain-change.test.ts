import type { Municipality } from '../../lib/config/municipality.js';
import { addDomain, changeDomainStage, removeDomain } from '../../lib/migration/domain-change.js';
import { isRefusal } from '../../lib/migration/stage-change.js';
import { after, at, doppelstadt, now, platform } from './examples.js';

const [first, second] = doppelstadt.domains as [
  Municipality['domains'][number],
  Municipality['domains'][number],
];
const { name } = second;
const fresh = { ...second, name: 'neu.example', zone: 'neu.example' };
const standing = (
  change: Partial<Municipality['domains'][number]>,
  stage: 0 | 1 | 2 | 3 | 4 = 4,
): Municipality => ({
  ...at(stage, doppelstadt),
  domains: [first, { ...second, ...change }],
});

function move(m: Municipality, to: number) {
  const change = changeDomainStage(m, platform, name, to, now);
  if (isRefusal(change)) throw new Error(change.refused);
  return change;
}

describe('adding', () => {
  test('before mail flows a domain is one of them; afterwards it begins at stage 0', () => {
    expect(addDomain(at(1, doppelstadt), fresh)).toEqual({ add: fresh });
    expect(addDomain(at(2, doppelstadt), fresh)).toEqual({ add: { ...fresh, stage: 0 } });
    const kept = [{ stage: 2 as const, since: after(0), until: after(9) }];
    expect(addDomain({ ...at(1, doppelstadt), kept }, fresh)).toEqual({ add: { ...fresh, stage: 0 } });
  });

  test('one that is there is refused', () => {
    expect(addDomain(at(2, doppelstadt), second)).toMatchObject({ rule: 'domain-there' });
  });
});

describe('an edge', () => {
  test('forwards writes its stage and a new time of settling, and says what is missing', () => {
    const { after: m, edit, missing } = move(standing({ stage: 1 }), 2);
    const settling = { since: after(0), until: after(30) };
    expect(edit).toEqual({ domain: name, stage: 2, kept: { drop: [], add: [], settling } });
    expect(m).toMatchObject({ stage: 4, settling, domains: [first, { name, stage: 2 }] });
    expect(missing).toEqual(['domains[doppelstadt.example].connectionTestPassedOn']);
    expect(move(standing({ stage: 2 }), 3).missing).toEqual([]);
    expect(move(standing({ stage: 0 }), 1).edit.kept.settling).toBeUndefined();
  });

  test('back keeps for this domain what its stage brought', () => {
    const { after: m, edit, missing } = move(standing({}), 3);
    const kept = { stage: 4, domain: name, since: after(0), until: after(86_400 + 100) };
    expect(edit).toEqual({ domain: name, stage: 3, kept: { drop: [], add: [kept], settling: undefined } });
    expect([m.kept, m.settling, missing]).toEqual([[kept], undefined, []]);
    expect(move(m, 4)).toMatchObject({ after: { kept: [] }, edit: { kept: { drop: [kept], add: [] } } });
  });

  test('back takes over what is kept of the whole municipality', () => {
    const kept = { stage: 4 as const, since: after(0), until: after(500) };
    expect(move({ ...standing({}, 3), kept: [kept] }, 2).after.kept).toEqual([
      kept,
      { ...kept, domain: name },
      { stage: 3, domain: name, since: after(0), until: after(600) },
    ]);
  });

  test.each([
    [
      'of no domain of it',
      standing({}),
      'other.example',
      3,
      'domain-unknown',
      /it has stadt.example, doppel/,
    ],
    [
      'further than the municipality',
      standing({ stage: 2 }, 2),
      name,
      3,
      'domain-ahead',
      /stage doppelstadt 3/,
    ],
    [
      'of more than one step',
      standing({}),
      name,
      2,
      'stage-one-step',
      /domain doppelstadt stage doppelstadt.example 3/,
    ],
    ['to where it stands', standing({ stage: 2 }), name, 2, 'stage-unchanged', /nothing to write/],
    [
      'back of the last at this stage',
      standing({ stage: 0 }),
      first.name,
      3,
      'domain-last',
      /stage doppelstadt 3$/,
    ],
  ])('%s is refused', (_, m, domain, to, rule, remedy) => {
    const refused = changeDomainStage(m, platform, domain, to, now);
    expect(refused).toMatchObject({ rule, remedy: expect.stringMatching(remedy) as string });
  });
});

describe('removing', () => {
  test('while mail flows it has gone back to stage 0 before, and nothing of it is kept', () => {
    expect(removeDomain(standing({}), name)).toMatchObject({
      rule: 'domain-in-use',
      remedy:
        'back edge by edge, each deployed: npx mailversand domain doppelstadt stage doppelstadt.example 3',
    });
    expect(removeDomain(standing({ stage: 1 }), name)).toMatchObject({ rule: 'domain-in-use' });
    const kept = [
      { stage: 3 as const, domain: name, since: after(0), until: after(7) },
      { stage: 2 as const, domain: name, since: after(0), until: after(9) },
    ];
    expect(removeDomain({ ...standing({ stage: 0 }), kept }, name)).toMatchObject({
      rule: 'domain-kept',
      refused: `what ${name} had is kept until ${after(9)}: it may still be used`,
    });
    expect(removeDomain(standing({ stage: 0 }), name)).toEqual({ remove: name });
  });

  test('before the first stage it simply goes, at stage 1 its record sets are released first', () => {
    expect(removeDomain(at(0, doppelstadt), name)).toEqual({ remove: name });
    expect(removeDomain(at(1, doppelstadt), name)).toMatchObject({ rule: 'domain-in-use' });
    expect(removeDomain(standing({ stage: 0 }, 1), name)).toEqual({ remove: name });
  });

  test('not the last, and none that is not there', () => {
    const alone = { ...at(1, doppelstadt), domains: [second] };
    expect(removeDomain(alone, name)).toMatchObject({
      rule: 'domain-last',
      remedy: expect.stringContaining(
        'domain doppelstadt add DOMAIN --writer WRITER --mx "10 HOST" --ttl SECONDS',
      ) as string,
    });
    expect(removeDomain(standing({ stage: 0 }), first.name)).toMatchObject({ rule: 'domain-last' });
    expect(removeDomain(alone, 'other.example')).toMatchObject({ rule: 'domain-unknown' });
  });
});
