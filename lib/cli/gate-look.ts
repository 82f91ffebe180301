import { desiredState } from '../migration/desired-state.js';
import type { Diagnostic, FarEnds } from '../provider/definition.js';
import { observeAndRecord } from '../provider/resources/cutover/recorded.js';
import { ofHoster } from '../provider/resources/cutover/look.js';
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
export async function lookAtGate(loaded: Loaded): Promise<Diagnostic[]> {
  const farEnds = openAll(loaded.platform);
  try {
    await record(loaded, farEnds);
    return await refusals(loaded, farEnds);
  } finally {
    await farEnds.close();
  }
}

/** The same of each of some MXs, as if it were the only one that moves: what stands against one holds up no other. */
export async function lookAtEach(
  loaded: Loaded,
  domains: readonly string[],
  farEnds: FarEnds,
): Promise<{ domain: string; refused: Diagnostic[] }[]> {
  await record(loaded, farEnds);
  return Promise.all(
    domains.map(async (domain) => ({ domain, refused: await refusals(loaded, farEnds, domain) })),
  );
}

async function record({ municipality, platform }: Loaded, farEnds: FarEnds): Promise<void> {
  const { municipality: id, owner, moves } = desiredState(municipality, platform).gate;
  await observeAndRecord(owner, moves, farEnds);
  await recordSilence(id, owner, await readReached(farEnds, id), farEnds);
}

/** @param alone the only domain whose MX moves @default all that move */
async function refusals(
  { municipality, platform }: Loaded,
  farEnds: FarEnds,
  alone?: string,
): Promise<Diagnostic[]> {
  const { evidence, moves, declares, ...gate } = desiredState(municipality, platform).gate;
  const facts = Object.entries(evidence).map(([fact, value]) => [fact, value ?? ''] as const);
  const planned = {
    ...gate,
    evidence: Object.fromEntries(facts),
    moves: moves.filter(({ domain }) => alone === undefined || domain === alone),
    // As if nobody had let it move yet: what was asked then may have changed.
    declares: declares.filter((id) => alone === undefined || id !== ofHoster(alone)),
  };
  // Whether a state is lost, only the engine can say.
  const said = await askGate(planned, true, farEnds);
  return said.filter(({ severity }) => severity === 'error');
}
