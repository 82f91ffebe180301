import type { Municipality } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
import { addServer, removeServer } from '../../lib/migration/server-change.js';
import { changeStage, isRefusal, type Refusal } from '../../lib/migration/stage-change.js';
import { carriesMail } from '../../lib/provider/resources/declared.js';
import { gateRules } from '../../lib/provider/resources/gate-rules.js';
import { at, doppelstadt, musterstadt, now, platform } from '../migration/examples.js';
import { quietEdge } from '../provider/resources/quiet-edge.js';
import { nothing, recorded } from './pure-gate.js';

// An edge forwards fails half-way, and somebody takes the file of before out of git.

const gateOf = (m: Municipality) => desiredState(m, platform).gate;

const written = (change: { after: Municipality } | Refusal): Municipality => {
  if (isRefusal(change)) throw new Error(change.refused);
  return change.after;
};

/** What the gate says of a file, while the far ends hold everything of the edge that failed. */
function refusalsOf(file: Municipality, before: Municipality, failed: Municipality) {
  const reached = recorded(gateOf(before), nothing, now);
  const held = gateOf(failed).declares.flatMap((id) =>
    /^(relay_(route|acceptance|client)|dnat_rule|firewall_opening):/.test(id)
      ? [{ id, element: {} as never }]
      : [],
  );
  const gate = gateOf(file);
  return gateRules.flatMap((rule) =>
    rule.check({
      ...quietEdge,
      ...{
        municipality: gate.municipality,
        stage: gate.stage,
        holds: gate.holds,
        reached,
        held,
        carriesMail,
      },
      declares: new Set(gate.declares),
      now,
    }),
  );
}

test.each([1, 2, 3] as const)('from stage %i: nothing that the relay has got goes at once', (stage) => {
  const before = at(stage, musterstadt);
  const failed = written(changeStage(before, platform, stage + 1, now));
  const [refused, ...more] = refusalsOf(before, before, failed);
  expect(more).toEqual([]);
  expect(refused?.rule).toBe('gate-kept-missing');
  expect(refused?.detail).toContain(
    `npx mailversand stage musterstadt ${stage + 1}, then npx mailversand stage musterstadt ${stage}`,
  );
  expect(refusalsOf(failed, before, failed)).toEqual([]);
  expect(refusalsOf(written(changeStage(failed, platform, stage, now)), before, failed)).toEqual([]);
});

test('nor of a domain that went by itself', () => {
  const [own, other] = doppelstadt.domains as [
    Municipality['domains'][number],
    Municipality['domains'][number],
  ];
  const before = at(3, { ...doppelstadt, domains: [own, { ...other, stage: 1 }] });
  const failed = written(changeDomainStage(before, platform, other.name, 2, now));
  const [refused] = refusalsOf(before, before, failed);
  expect(refused?.rule).toBe('gate-kept-missing');
  expect(refused?.detail).toContain(
    `npx mailversand domain doppelstadt stage ${other.name} 2, then npx mailversand domain doppelstadt stage ${other.name} 1`,
  );
  const back = written(changeDomainStage(failed, platform, other.name, 1, now));
  expect(refusalsOf(back, before, failed)).toEqual([]);
});

test('nor of a server that joined: by its own commands, no stage is entered', () => {
  const before = at(4, musterstadt);
  const joining = { inside: '192.168.10.6', transfer: '10.128.0.6', ports: [25] };
  const added = addServer(before, joining, now) as { add: Municipality['servers'][number] };
  const failed = { ...before, servers: [...before.servers, added.add] };
  const [refused, ...more] = refusalsOf(before, before, failed);
  expect(more).toEqual([]);
  expect(refused?.rule).toBe('gate-kept-missing');
  expect(refused?.detail).toContain(
    'npx mailversand server musterstadt add 10.128.0.6 --inside ADDRESS, then npx mailversand server musterstadt remove 10.128.0.6',
  );
  expect(refused?.detail).not.toContain('mailversand stage');
  const removed = removeServer(failed, platform, joining.transfer, now);
  if (isRefusal(removed) || !('kept' in removed) || !removed.kept) throw new Error('nothing is kept');
  expect(refusalsOf({ ...before, kept: [removed.kept] }, before, failed)).toEqual([]);
});

test.each([
  [0, 3],
  [1, 4],
] as const)('at stage %i of what stage %i brought: there and back, edge by edge', (stage, top) => {
  const before = at(stage, musterstadt);
  const left = at(top, musterstadt);
  const [refused] = refusalsOf(before, before, left);
  const numbers = [...(refused?.detail ?? '').matchAll(/npx mailversand stage musterstadt (\d)/g)].map(
    ([, to]) => Number(to),
  );
  expect(Math.max(...numbers)).toBe(top);
  expect(numbers.at(-1)).toBe(stage);
  const back = numbers.reduce((m, to) => written(changeStage(m, platform, to, now)), before);
  expect(refusalsOf(back, before, left)).toEqual([]);
  const strays = gateOf(left).declares.filter((id) => id.startsWith('relay_'));
  expect(gateOf(back).declares).toEqual(
    expect.arrayContaining(strays.filter((id) => /_(route|acceptance|client):/.test(id))),
  );
});
