import fc from 'fast-check';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import type { Gate } from '../../lib/migration/elements.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { isKeptStage } from '../../lib/migration/kept.js';
import { changeStage, isRefusal } from '../../lib/migration/stage-change.js';
import { wayBack, wayBackOfDomain, type WayBack } from '../../lib/migration/way-back.js';
import type { Reached } from '../../lib/provider/resources/reached.js';
import {
  after,
  at,
  doppelstadt,
  musterstadt,
  now,
  platform,
  teilhausen,
  withdrawn,
} from '../migration/examples.js';
import { onTheWay } from '../migration/generate.js';
import { diagnostics, nothing, recorded, refused } from './pure-gate.js';
import { domainJourney, journey, type Deploy } from './synthesis.js';

/** What the rules of the gate say to each deploy, after the one before was recorded. Name servers are not asked. */
function refusals(deploys: readonly Deploy[], p = platform, from = nothing): string[] {
  let reached = from;
  return deploys.flatMap(({ edge, municipality, at: time = now }) => {
    const { gate } = desiredState(municipality, p);
    const found = refused(gate, reached, p, time);
    reached = recorded(gate, reached, time);
    return found.map((rule) => `${edge}: ${rule}`);
  });
}

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

/** The deploys of a plan, each as soon as it may be, or where nobody was silent before, as late as it says. */
const deploysOf = ({ steps }: WayBack, late: boolean): Deploy[] =>
  steps.map(({ kind, before, after, at, silence }, i) => {
    // In the plan an edge takes no time; what a person lets go of was not written in the same second.
    const isLate = late && before.kept.every(({ since }) => since < at);
    return {
      edge: `${i + 1} ${kind}`,
      municipality: after,
      at: new Date(Date.parse(at) + (isLate ? silence * 1000 : 0)),
    };
  });

/** The way of the municipality, and of each domain that can go by itself. */
const ways = (m: Municipality, p: Platform, time: Date): WayBack[] =>
  [wayBack(m, p, time), ...m.domains.map(({ name }) => wayBackOfDomain(m, p, name, time))].flatMap((back) =>
    isRefusal(back) ? [] : back,
  );

test('and every step of every way back that is printed, at its time, wherever one stands', () => {
  fc.assert(
    fc.property(onTheWay, fc.boolean(), ({ m: generated, p, time }, late) => {
      const m = reported(generated);
      const { gate } = desiredState(m, p);
      const reached = recorded(gate, { ...nothing, holds: gate.holds.map(asWritten) }, time);
      for (const back of ways(m, p, time)) expect(refusals(deploysOf(back, late), p, reached)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

/** As the gate asks before stage 3. */
const reported = (m: Municipality): Municipality => ({
  ...m,
  domains: m.domains.map((domain) => ({
    ...domain,
    ndb: domain.ndb ?? { reference: 'NDB-1', reportedOn: '2025-02-01' },
  })),
});

/** As if it had been deployed at once. */
const asWritten = (hold: Gate['holds'][number]): Reached['holds'][number] => ({
  ...hold,
  recordedAt: hold.since,
});

test('an edge back that was deployed a day after it was written: what --drop-kept takes out is waited for', () => {
  let m: Municipality = at(4, withdrawn(musterstadt));
  for (const stage of [3, 2] as const) {
    const change = changeStage(m, platform, stage, now);
    if (isRefusal(change)) throw new Error(change.refused);
    m = change.after;
  }
  const reached = recorded(desiredState(m, platform).gate, nothing, new Date('2025-06-02T12:00:00Z'));
  const end = Math.max(
    ...m.kept.flatMap((kept) => (isKeptStage(kept) && kept.stage === 4 ? Date.parse(kept.until) : [])),
  );
  const due = new Date(end + 60_000);
  const { gate } = desiredState(dropKept(m, platform, due).after, platform);
  const found = diagnostics(gate, reached, platform, due);
  expect(found.map(({ rule }) => rule)).toEqual(['gate-kept', 'gate-kept-shortened']);
  expect(found.every(({ waits }) => waits)).toBe(true);
  const last = found
    .flatMap(({ waits = [] }) => waits.map(({ until = '' }) => until))
    .sort()
    .at(-1);
  expect(refused(gate, reached, platform, new Date(last ?? ''))).toEqual([]);
});

test('the day of an outgoing test from an earlier edge may be taken out with the edge into stage 4', () => {
  const settling = { since: after(-5), until: after(25) };
  const reached = recorded(desiredState({ ...at(3), settling }, platform).gate, nothing, new Date(after(-5)));
  const change = changeStage({ ...at(3), settling }, platform, 4, now);
  if (isRefusal(change)) throw new Error(change.refused);
  const { gate } = desiredState({ ...change.after, outgoingTestPassedOn: undefined }, platform);
  expect(refused(gate, reached, platform, now)).toEqual([]);
});
