import type { Gate } from '../../lib/migration/elements.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { carriesMail } from '../../lib/provider/resources/declared.js';
import { gateRules } from '../../lib/provider/resources/gate-rules.js';
import type { Reached } from '../../lib/provider/resources/reached.js';
import { doppelstadt, musterstadt, now, platform, teilhausen } from '../migration/examples.js';
import { domainJourney, journey, type Deploy } from './synthesis.js';
import { quietEdge } from '../provider/resources/quiet-edge.js';

/** What the rules of the gate say to each deploy, after the one before was recorded. Name servers are not asked. */
function refusals(deploys: readonly Deploy[]): string[] {
  let reached: Reached = { recorded: false, stage: 0, declares: new Set(), holds: [] };
  return deploys.flatMap(({ edge, municipality, at: time = now }) => {
    const { gate } = desiredState(municipality, platform);
    const found = refused(gate, reached, time);
    const { holds } = reached;
    const recorded = (hold: Gate['holds'][number]): string =>
      holds.find(({ id, since, until }) => id === hold.id && since === hold.since && until === hold.until)
        ?.recordedAt ?? time.toISOString();
    reached = {
      recorded: true,
      stage: gate.stage,
      declares: new Set(gate.declares),
      holds: gate.holds.map((hold) => ({ ...hold, recordedAt: recorded(hold) })),
    };
    return found.map((rule) => `${edge}: ${rule}`);
  });
}

const refused = (gate: Gate, reached: Reached, time: Date): string[] =>
  gateRules
    .flatMap((rule) =>
      rule.check({
        ...quietEdge,
        municipality: gate.municipality,
        stage: gate.stage,
        evidence: Object.fromEntries(
          Object.entries(gate.evidence).map(([fact, value]) => [fact, value ?? '']),
        ),
        declares: new Set(gate.declares),
        holds: gate.holds,
        reached,
        carriesMail,
        withdrawn: gate.withdrawn ?? {},
        senderQueueLifetime: platform.senderQueueLifetime,
        now: time,
      }),
    )
    .map(({ rule }) => rule);

test.each([
  ['all stages and back, what was kept goes after each edge', journey(doppelstadt, 'after each edge')],
  ['all stages and back, what was kept goes at the end', journey(musterstadt, 'at the end')],
  ['partial routing', journey(teilhausen, 'after each edge')],
])('the rules of the gate let through what the commands write: %s', (_, deploys) => {
  expect(refusals(deploys)).toEqual([]);
});

test('and a domain that joins beside another and leaves again', () => {
  const { domains } = doppelstadt;
  const reaching = journey({ ...doppelstadt, domains: domains.slice(0, 1) }, 'at the end').slice(0, 5);
  const { municipality } = reaching.at(-1) as Deploy;
  const rest = domainJourney({ ...municipality, domains });
  expect(refusals([...reaching, ...rest])).toEqual([]);
  expect(refusals([...reaching, ...rest.filter(({ edge }) => edge !== 'domain → 2')])).toContain(
    'domain → 3: gate-domain-step',
  );
});

test('but not two edges at once', () => {
  const deploys = journey(musterstadt, 'at the end');
  expect(refusals(deploys.filter(({ edge }) => edge !== '1 → 2'))).toContain('2 → 3: gate-one-step');
});
