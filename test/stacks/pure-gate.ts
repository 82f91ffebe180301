import type { Platform } from '../../lib/config/platform.js';
import type { Gate } from '../../lib/migration/elements.js';
import type { Diagnostic } from '../../lib/provider/definition.js';
import { carriesMail } from '../../lib/provider/resources/declared.js';
import { gateRules } from '../../lib/provider/resources/gate-rules.js';
import type { Reached } from '../../lib/provider/resources/reached.js';
import { quietEdge } from '../provider/resources/quiet-edge.js';

/** What the register says of a municipality that was never deployed. */
export const nothing: Reached = {
  recorded: false,
  stage: 0,
  recordedAt: undefined,
  declares: new Set(),
  holds: [],
};

/** What the register says after a deploy. */
export function recorded(gate: Gate, { holds }: Reached, time: Date): Reached {
  const recordedAt = (hold: Gate['holds'][number]): string =>
    holds.find(({ id, since, until }) => id === hold.id && since === hold.since && until === hold.until)
      ?.recordedAt ?? time.toISOString();
  return {
    recorded: true,
    recordedAt: time.toISOString(),
    stage: gate.stage,
    declares: new Set(gate.declares),
    holds: gate.holds.map((hold) => ({ ...hold, recordedAt: recordedAt(hold) })),
  };
}

/** What the rules of the gate say that look at files and register. Name servers, relays and gateways are not asked. */
export const diagnostics = (gate: Gate, reached: Reached, p: Platform, time: Date): Diagnostic[] =>
  gateRules.flatMap((rule) =>
    rule.check({
      ...quietEdge,
      municipality: gate.municipality,
      stage: gate.stage,
      evidence: Object.fromEntries(Object.entries(gate.evidence).map(([fact, value]) => [fact, value ?? ''])),
      declares: new Set(gate.declares),
      holds: gate.holds,
      reached,
      carriesMail,
      withdrawn: gate.withdrawn ?? {},
      senderQueueLifetime: p.senderQueueLifetime,
      now: time,
    }),
  );

/** The rules that say something. */
export const refused = (...asked: Parameters<typeof diagnostics>): string[] =>
  diagnostics(...asked).map(({ rule }) => rule);
