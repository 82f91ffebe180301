import { gateRules } from '../../../lib/provider/resources/gate-rules.js';
import type { Edge } from '../../../lib/provider/resources/gate-rule.js';
import type { RecordedHold } from '../../../lib/provider/resources/reached.js';
import { quietEdge } from './quiet-edge.js';

const name = 'neu.example';
const internal = `relay_acceptance:relay1/${name}/internal`;
const ndb = `relay_acceptance:relay1/${name}/ndb`;
const route = `relay_route:relay1/${name}`;
/** Of the domain that is there all the time. */
const others = [
  'mx:alt.example',
  'relay_acceptance:relay1/alt.example/internet',
  'relay_route:relay1/alt.example',
];
const now = new Date('2026-03-01T12:00:00.500Z');
/** When the last deploy was: the time that mail waits in the relay’s queue has gone by, just so. */
const recordedAt = '2026-03-01T11:58:20Z';

const edge = (
  before: string[],
  after: string[],
  more: Partial<Edge> = {},
  holds: RecordedHold[] = [],
): Edge => ({
  municipality: 'musterstadt',
  stage: 4,
  ...quietEdge,
  declares: new Set([...others, 'settling:musterstadt', ...after]),
  reached: { recorded: true, stage: 4, recordedAt, declares: new Set([...others, ...before]), holds },
  carriesMail: (id) => /^(relay|sender)_?/.test(id),
  senderQueueLifetime: 100,
  now,
  ...more,
});

const refused = (asked: Edge) =>
  gateRules
    .flatMap((rule) => rule.check(asked))
    .map(({ rule, summary, detail }) => `${rule}: ${summary}\n${detail}`);

describe('a domain goes one step, whatever its municipality has reached', () => {
  test('from nothing to stage 1, and on', () => {
    expect(refused(edge([], [`mx:${name}`]))).toEqual([]);
    expect(refused(edge([`mx:${name}`], [`mx:${name}`, internal, route]))).toEqual([]);
  });

  test('added in one leap it is refused, with where it begins', () => {
    expect(refused(edge([], [`mx:${name}`, internal, route]))).toMatchInlineSnapshot(`
     [
       "gate-domain-step: neu.example stands at stage 0, and 2 is not one step from there
     A domain that is added while mail flows begins at stage 0 (\`stage: 0\` in its entry), whatever the others have reached: npx mailversand domain musterstadt add. Then: npx mailversand domain musterstadt stage neu.example 1",
     ]
    `);
  });

  test('a leap further is refused too, with the next step', () => {
    expect(refused(edge([`mx:${name}`], [`mx:${name}`, internal, ndb, route]))).toEqual([
      expect.stringMatching(/^gate-domain-step: [^]* stage neu.example 2$/),
    ]);
  });

  test('a municipality that leaps is told so once', () => {
    const leaps = edge([], [`mx:${name}`, internal], { stage: 4 });
    const asked = { ...leaps, reached: { ...leaps.reached, stage: 2 } };
    expect(refused(asked).map((text) => text.split(':')[0])).toEqual(['gate-one-step']);
  });
});

describe('forward it goes by its own evidence', () => {
  const forward = (facts: Record<string, string>, more: Partial<Edge> = {}) =>
    refused(edge([`mx:${name}`], [`mx:${name}`, internal, route], { evidence: facts, ...more }));
  const test1 = `domains[${name}].connectionTestPassedOn`;

  test('what is missing of it refuses, what is missing of others does not', () => {
    expect(forward({ [test1]: '' })).toEqual([
      expect.stringContaining(`gate-evidence: neu.example may not go to stage 2 yet: ${test1} is missing`),
    ]);
    expect(forward({ 'domains[alt.example].ndb.confirmedOn': '', forwarding: '' })).toEqual([]);
  });

  test('a day that has not come is none', () => {
    expect(forward({ [test1]: '2026-03-05' })).toEqual([expect.stringMatching(/^gate-evidence-future: neu/)]);
  });

  test('nothing new is built on an approval that has ended', () => {
    const ended = { validUntil: '2026-02-28', forwards: true };
    expect(forward({}, ended)).toEqual([expect.stringMatching(/^gate-expired: neu/)]);
  });

  test('back it needs none', () => {
    const back = edge([`mx:${name}`, internal], [`mx:${name}`, internal], {
      evidence: { [test1]: '' },
      validUntil: '2026-02-28',
      holds: [{ id: internal, since: '2026-03-01T12:00:00Z', until: '2026-03-02T12:00:00Z' }],
    });
    expect(refused(back)).toEqual([]);
  });
});

test('an edge of it that was begun and not finished refuses another', () => {
  const stray = { id: route, element: { map: 'transport', key: [name], value: [] } };
  expect(refused(edge([], [`mx:${name}`], { held: [stray] }))).toEqual([
    expect.stringMatching(/^gate-unfinished-edge/),
  ]);
});

describe('what may not go at once', () => {
  test('a domain goes back edge by edge', () => {
    const gone = refused(edge([`mx:${name}`, internal, route], [`mx:${name}`]));
    expect(gone).toEqual([
      expect.stringMatching(/^gate-kept-missing[^]*domain musterstadt stage neu.example 1$/),
    ]);
  });

  test('an alias changes at stage 1', () => {
    const change = edge(['relay_alias:c0/192.168.10.250'], ['relay_alias:c0/192.168.10.251']);
    expect(refused(change)).toEqual([
      expect.stringMatching(
        /^gate-kept-missing[^]*change at stage 1[^]*npx mailversand stage musterstadt 3$/,
      ),
    ]);
  });
});

describe('the relay leaves SPF a queue lifetime after the permission to send has gone', () => {
  const [sender, spf] = [`sender:${name}`, `spf_relay:${name}`];
  const times = (since: string, until: string) => ({
    since: `2026-03-01T${since}Z`,
    until: `2026-03-01T${until}Z`,
  });
  const over = { id: sender, ...times('10:00:00', '11:00:00'), recordedAt: '2026-03-01T10:00:00Z' };
  const spfHold = (since: string, until: string) => ({ id: spf, ...times(since, until) });
  const recorded = (since: string, until: string): RecordedHold => ({
    ...spfHold(since, until),
    recordedAt: `2026-03-01T${since}Z`,
  });
  const rules = (asked: Edge) => refused(asked).map((text) => text.split(':')[0]);

  test('both in one deploy is refused, though the time of both is over', () => {
    expect(refused(edge([sender, spf], [], {}, [over, recorded('10:00:00', '11:00:00')])))
      .toMatchInlineSnapshot(`
     [
       "gate-spf-early: The relay would leave the SPF record of musterstadt too early
     With this deploy its servers may no longer send; what they sent may wait in the relay’s queue for 100 s:
     - neu.example: with this deploy
     Put the entries of kept that were taken out back into the file, then: npx mailversand stage musterstadt --drop-kept",
     ]
    `);
  });

  test('a time that ends too soon after is refused, whenever it is deployed', () => {
    const hold = spfHold('10:00:00', '12:01:39');
    const kept = [over, recorded('10:00:00', '12:01:39')];
    expect(rules(edge([sender, spf], [spf], { holds: [hold] }, kept))).toEqual(['gate-spf-early']);
    const anew = spfHold('11:58:20', '12:00:00');
    expect(rules(edge([sender, spf], [spf], { holds: [anew] }, [over]))).toEqual([]);
  });

  test('a long one, SPF in force, and a domain without SPF are right', () => {
    const hold = spfHold('10:00:00', '12:01:40');
    expect(
      rules(edge([sender, spf], [spf], { holds: [hold] }, [over, recorded('10:00:00', '12:01:40')])),
    ).toEqual([]);
    expect(rules(edge([sender, spf], [spf], {}, [over]))).toEqual([]);
    expect(rules(edge([sender], [], {}, [over]))).toEqual([]);
  });

  test('where routing becomes partial, the relay leaves SPF a queue lifetime after the last deploy', () => {
    const later = (more: Partial<Edge['reached']>): Edge => {
      const asked = edge([spf], [`spf:${name}`]);
      return { ...asked, reached: { ...asked.reached, ...more } };
    };
    const justDeployed = later({ recordedAt: '2026-03-01T11:58:21Z' });
    expect(refused(justDeployed)).toMatchInlineSnapshot(`
     [
       "gate-spf-early: The relay would leave the SPF record of musterstadt too early, until 2026-03-01T12:00:01Z
     - neu.example: until 2026-03-01T12:00:01Z
     Its servers may have sent until the last deploy, and what they sent may wait in the relay’s queue for 100 s. Wait with npx mailversand deploy --wait, or put \`routing\` in musterstadt.yaml back to what it was; a way back in the same file can then be deployed at once.",
     ]
    `);
    const [refusal] = gateRules.flatMap((rule) => rule.check(justDeployed));
    expect(refusal?.waits).toEqual([{ what: name, until: '2026-03-01T12:00:01Z' }]);
    expect(rules(later({}))).toEqual([]);
    expect(rules({ ...justDeployed, declares: new Set(others) })).not.toContain('gate-spf-early');
    expect(
      rules(later({ recordedAt: '2026-03-01T11:58:21Z', holds: [recorded('10:00:00', '11:00:00')] })),
    ).toEqual([]);
    expect(rules(later({ recordedAt: undefined }))).toEqual([]);
  });
});
