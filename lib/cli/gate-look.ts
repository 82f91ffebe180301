import { desiredState } from '../migration/desired-state.js';
import type { Diagnostic } from '../provider/definition.js';
import { observeAndRecord } from '../provider/resources/cutover/recorded.js';
import { askGate } from '../provider/resources/migration-gate.js';
import { readReached } from '../provider/resources/reached.js';
import { recordSilence } from '../provider/resources/silence.js';
import { openAll } from './far-ends.js';
import type { Loaded } from './files.js';

/**
 * What the gate would refuse of a deploy now, asked without an engine: nothing is locked, and no connection stays.
 * What name servers show, and what has come by what is kept, is recorded, so that the clocks that count from being
 * seen have begun.
 */
export async function lookAtGate({ municipality, platform }: Loaded): Promise<Diagnostic[]> {
  const { evidence, ...gate } = desiredState(municipality, platform).gate;
  const facts = Object.entries(evidence).map(([fact, value]) => [fact, value ?? ''] as const);
  const farEnds = openAll(platform);
  try {
    await observeAndRecord(gate.owner, gate.moves, farEnds);
    const reached = await readReached(farEnds, gate.municipality);
    await recordSilence(gate.municipality, gate.owner, reached, farEnds);
    // Whether a state is lost, only the engine can say.
    const said = await askGate({ ...gate, evidence: Object.fromEntries(facts) }, true, farEnds);
    return said.filter(({ severity }) => severity === 'error');
  } finally {
    await farEnds.close();
  }
}
