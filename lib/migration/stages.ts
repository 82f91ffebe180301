import type { Municipality, Routing, StageNumber } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { relayOf } from './site.js';
import type { TaskNumber } from './tasks.js';

/** A stage that can be entered; stage 0 is what is before them: ordered, nothing synthesised. */
export type EnteredStage = Exclude<StageNumber, 0>;

/**
 * Facts that an edge rests on: where each stands in the municipality's file, and what stands there. undefined:
 * not yet so, and the gate refuses the edge forwards. Going back needs none.
 */
export type Evidence = Record<string, string | undefined>;

export interface Stage {
  number: EnteredStage;
  /** As the programme calls it (Abschnitt). */
  title: string;
  /** What it adds to all stages before it. */
  brings: readonly string[];
  /** Tasks (tasks.ts) that are done while the municipality is led into this stage. */
  tasks: readonly TaskNumber[];
  /** What must be a fact before. */
  evidence: (m: Municipality) => Evidence;
  /** Who may still use what it brought, after going back from it. */
  stillUsedBy: string;
  /** Seconds for which that is kept at least. Nothing of stage 1 is used by itself: only what later stages route. */
  keepFor: (m: Municipality, p: Platform) => number;
}

/** The migration concept. Each stage contains all earlier ones; one edge at a time, forwards or backwards. */
export const stages: readonly Stage[] = [
  {
    number: 1,
    title: 'Netzfreischaltung',
    brings: [
      'address translation from the relay to every mail server of the municipality',
      'firewall openings for exactly that, and their rows in the Freischaltungsmatrix',
      'adoption of the MX and SPF record sets, unchanged',
    ],
    tasks: ['06', '07', '08', '09', '10', '11'],
    evidence: (m) => ({ 'order.approvedOn': m.order.approvedOn }),
    stillUsedBy: 'nobody, unless something of a later stage is kept',
    keepFor: () => 0,
  },
  {
    number: 2,
    title: 'Interne Weiterleitung',
    brings: [
      'relay routes for its domains',
      'acceptance on the internal listener: the tenants send to the relay',
    ],
    tasks: ['12'],
    evidence: (m) => ({ connectionTestPassedOn: m.connectionTestPassedOn }),
    stillUsedBy: 'mail of tenants in their queues and in the queue of the relay',
    keepFor: (_, p) => p.senderQueueLifetime,
  },
  {
    number: 3,
    title: 'Meldung der Domain im NdB',
    brings: [
      'the report of its domains to the NdB',
      'acceptance on the NdB listener',
      'for complete routing: the lowered MX TTL, and the relay in SPF beside the old senders',
    ],
    tasks: ['12'],
    evidence: (m) =>
      ofEachDomain(m, (ndb) =>
        ndb?.withdrawnOn === undefined
          ? { 'ndb.reference': ndb?.reference, 'ndb.reportedOn': ndb?.reportedOn }
          : { 'ndb (a new report, this one was withdrawn)': undefined },
      ),
    stillUsedBy: 'NdB partners that still have the old Mailertabelle, and mail in their queues',
    keepFor: (_, p) => p.ndbDistribution + p.senderQueueLifetime,
  },
  {
    number: 4,
    title: 'Umstellung der DNS-Einträge',
    brings: [
      'outgoing mail: address translation, openings and matrix rows outwards, its servers as clients of the relay',
      'acceptance on the Internet listener',
      'last, once the outgoing path was tested by a real mail (`outgoingTestPassedOn`): the MX to the relay',
    ],
    tasks: ['12', '13'],
    evidence: (m) => ({
      ...ofEachDomain(m, (ndb) => ({ 'ndb.confirmedOn': ndb?.confirmedOn })),
      // The MX waits for it, the stage does not.
      ...(m.outgoingTestPassedOn && { outgoingTestPassedOn: m.outgoingTestPassedOn }),
      forwarding: m.forwarding && (m.forwarding.join(', ') || 'none'),
    }),
    stillUsedBy: 'senders that have the MX in a cache, mail in their queues and in those of its own servers',
    keepFor: (m, p) => longestMxTtl(m, p) + p.senderQueueLifetime,
  },
];

export const stageOf = (n: EnteredStage): Stage => stages[n - 1] as Stage;

/** German title of a stage, also of the beginning. */
export const stageTitle = (n: StageNumber): string => (n === 0 ? 'Bestellt' : stageOf(n).title);

/** Partial routing is incoming internal and NdB mail only: it ends at stage 3. */
export const lastStage = (routing: Routing): StageNumber => (routing === 'teilweise' ? 3 : 4);

/** Facts that the file does not have yet. */
export const missingOf = (facts: Evidence): string[] =>
  Object.keys(facts).filter((fact) => facts[fact] === undefined);

function ofEachDomain(
  m: Municipality,
  facts: (ndb: Municipality['domains'][number]['ndb']) => Evidence,
): Evidence {
  return Object.fromEntries(
    m.domains.flatMap(({ name, ndb }) =>
      Object.entries(facts(ndb)).map(([fact, value]) => [`domains[${name}].${fact}`, value]),
    ),
  );
}

/** A hoster may never have lowered the TTL: then the old one counts. */
function longestMxTtl(m: Municipality, p: Platform): number {
  const ours = Math.min(p.loweredMxTtl, relayOf(m, p).mx.ttl);
  return Math.max(ours, ...m.domains.filter(({ writer }) => writer === 'hoster').map(({ mx }) => mx.ttl));
}
