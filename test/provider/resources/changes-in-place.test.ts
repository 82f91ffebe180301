import type { Municipality, StageNumber } from '../../../lib/config/municipality.js';
import type { Platform } from '../../../lib/config/platform.js';
import { desiredState } from '../../../lib/migration/desired-state.js';
import { carriesMail } from '../../../lib/provider/resources/declared.js';
import { gateRules } from '../../../lib/provider/resources/gate-rules.js';
import { at, musterstadt, now, platform } from '../../migration/examples.js';
import { quietEdge } from './quiet-edge.js';

/** A second gateway and a second relay to change to. */
const wide: Platform = {
  ...platform,
  gateways: [...platform.gateways, ...platform.gateways.map((gateway) => ({ ...gateway, name: 'gw2' }))],
  relays: [...platform.relays, ...platform.relays.map((relay) => ({ ...relay, name: 'relay2' }))],
};
const network = (change: Partial<Municipality['network']>) => (m: Municipality) => ({
  ...m,
  network: { ...m.network, ...change },
});

/** What the gate says to a file that is edited in place and deployed. */
function refusals(before: Municipality, after: Municipality): string[] {
  const [{ gate: reached }, { gate }] = [desiredState(before, wide), desiredState(after, wide)];
  const recorded = reached.holds.map((hold) => ({ ...hold, recordedAt: hold.since }));
  return gateRules
    .flatMap((rule) =>
      rule.check({
        municipality: gate.municipality,
        stage: gate.stage,
        ...quietEdge,
        declares: new Set(gate.declares),
        holds: gate.holds,
        reached: {
          recorded: true,
          recordedAt: undefined,
          stage: reached.stage,
          declares: new Set(reached.declares),
          holds: recorded,
        },
        carriesMail,
        senderQueueLifetime: 100,
        now,
      }),
    )
    .map(({ rule, detail }) => `${rule}: ${detail}`);
}

describe.each([
  ['relay', (m: Municipality) => ({ ...m, relay: 'relay2' })],
  ['gateway', network({ gateway: 'gw2' })],
  ['link', network({ link: 'c1' })],
  ['alias', network({ relayAlias: '192.168.10.251' })],
])('another %s', (_, change) => {
  test.each([2, 3, 4] as const)('is refused at stage %i, with the way', (stage) => {
    expect(refusals(at(stage), change(at(stage)))).toEqual([
      expect.stringMatching(
        `^gate-kept-missing[^]*change at stage 1, when nothing is kept. Go back to it first: npx mailversand stage musterstadt ${stage - 1}$`,
      ),
    ]);
  });

  test('is refused while something is kept', () => {
    const kept = [{ stage: 2 as const, since: '2025-06-01T11:59:00Z', until: '2025-06-01T12:01:00Z' }];
    const back = { ...at(1), kept };
    expect(refusals(back, change(back)).join()).toContain('gate-kept');
  });

  test.each([0, 1] as const)('is free at stage %i', (stage) => {
    expect(refusals(at(stage), change(at(stage)))).toEqual([]);
  });
});

test('the same file, and one that only has other people in it, is let through at every stage', () => {
  for (const stage of [0, 1, 2, 3, 4] satisfies StageNumber[]) {
    const contacts = { technical: 'EDV', organisational: 'Bauamt' };
    expect(refusals(at(stage), at(stage, { ...musterstadt, contacts }))).toEqual([]);
  }
});
