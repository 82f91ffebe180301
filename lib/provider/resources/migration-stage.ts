import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import { timestamp } from '../time.js';
import * as checks from './checks.js';
import { declares, holds, municipality, owner, stage } from './common.js';
import { observeAndRecord } from './cutover/recorded.js';
import { recordQueues } from './gate-queue.js';
import { gateRules, refuseDestroy } from './gate-rules.js';
import { recordSilence } from './silence.js';
import { declaresMap, formatHolds, holdsMap, reachedIn, readReached, stagesMap } from './reached.js';

/** The stage a municipality has reached. */
export const migrationStage = defineResource({
  type: 'migration_stage',
  doc: 'The record of the stage reached, in the register, so that every engineer and pipeline sees the same. It depends on everything else of the municipality and is written last.',
  attributes: {
    municipality,
    owner,
    stage,
    digest: { type: 'string', doc: 'SHA-256 of the desired state, hexadecimal.', check: checks.digest },
    declares,
    holds,
    recordedAt: { type: 'string', computed: true, doc: 'When it was recorded, RFC 3339 UTC.' },
    heldFrom: {
      type: { map: 'string' },
      computed: true,
      doc: 'When each hold was first recorded; its time is counted from there, if that came late.',
    },
  },
  example: {
    municipality: 'musterstadt',
    owner: '15084490',
    stage: 2,
    digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    declares: ['relay_route:relay1/musterstadt.example'],
    holds: [
      {
        id: 'relay_acceptance:relay1/musterstadt.example/ndb',
        since: '2025-07-01T08:00:00Z',
        until: '2025-07-06T08:00:00Z',
      },
    ],
  },
  target: () => ({ kind: 'register' }),
  elements: ({ municipality, owner, stage, digest, declares, holds, recordedAt = '', heldFrom = {} }) => {
    const recorded = holds.map((hold) => ({ ...hold, recordedAt: heldFrom[hold.id] ?? recordedAt }));
    const row = { key: [municipality], owner };
    return [
      { ...row, map: stagesMap, value: [String(stage), recordedAt, digest] },
      { ...row, map: declaresMap, value: [...declares].sort() },
      { ...row, map: holdsMap, value: formatHolds(recorded) },
    ];
  },
  fromElements: (key, live) => {
    const row = live.get(stagesMap, [key.municipality]);
    if (!row) return undefined;
    const [, recordedAt = '', digest = ''] = row.value;
    const reached = reachedIn(live, key.municipality);
    return {
      ...key,
      owner: row.owner ?? '',
      stage: reached.stage,
      digest,
      declares: [...reached.declares],
      holds: reached.holds.map(({ id, since, until }) => ({ id, since, until })),
      recordedAt,
      heldFrom: Object.fromEntries(reached.holds.map(({ id, recordedAt: from }) => [id, from])),
    };
  },
  compute: async ({ proposed, farEnds }) => {
    const recordedAt = timestamp(farEnds.now());
    const { holds: earlier } = await readReached(farEnds, proposed.municipality);
    const from = ({ id, since, until }: (typeof proposed.holds)[number]) =>
      earlier.find((hold) => hold.id === id && hold.since === since && hold.until === until)?.recordedAt;
    return {
      recordedAt,
      heldFrom: Object.fromEntries(proposed.holds.map((hold) => [hold.id, from(hold) ?? recordedAt])),
    };
  },
  // What the servers show after the edge: from here on the old is on its way out of the caches.
  // From here on, too, counts the silence of what is only kept.
  applying: async ({ proposed: { municipality, owner, declares, holds }, farEnds }) => {
    await observeAndRecord(
      owner,
      [...declares].flatMap((id) => (id.startsWith('mx:') ? { domain: id.slice('mx:'.length) } : [])),
      farEnds,
    );
    await recordQueues(owner, declares, farEnds);
    await recordSilence(municipality, owner, { declares, holds }, farEnds);
  },
  check: async ({ prior, proposed, farEnds }) => {
    const { municipality } = proposed ?? prior ?? {};
    if (municipality === undefined) return [];
    const reached = await readReached(farEnds, municipality);
    if (!proposed) return refuseDestroy(municipality, reached);
    // Whoever comes here without the gate, by importing or by an app of their own, still goes one step at a time.
    const edge = {
      municipality,
      stage: proposed.stage,
      evidence: {},
      declares: new Set(proposed.declares),
      holds: proposed.holds,
      validUntil: undefined,
      hasState: true,
      reached,
      otherNames: [],
      held: [],
      carriesMail: () => false,
      testValidity: 0,
      cutovers: [],
      atRelays: [],
      leaving: [],
      unmeasured: [],
      silent: [],
      silenceTime: 0,
      withdrawn: {},
      waiting: [],
      forwards: false,
      queueLimit: 0,
      senderQueueLifetime: 0,
      now: farEnds.now(),
    };
    return gateRules.filter(({ id }) => id === 'gate-one-step').flatMap((rule) => rule.check(edge));
  },
});

export class MigrationStage extends terraformClass(migrationStage) {}
