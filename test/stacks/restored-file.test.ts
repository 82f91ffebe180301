import type { Municipality } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
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
