import { load } from '../../../lib/rehearsal/journey.js';
import { withOutgoingTest } from '../../../lib/rehearsal/working-copy.js';
import type { Desk } from './desk.js';
import { recordPassedTest } from './passed-test.js';

/**
 * At stage 4, whose way out is deployed: the tests have passed, the old TTLs have gone by, and the file asks for the
 * MX, as the gate wants it.
 */
export async function readyForMx(desk: Desk, id: string): Promise<void> {
  const { rehearsal } = desk;
  await rehearsal.municipalityOutgoing(id, 'relay');
  const { municipality } = load(id, rehearsal.municipalitiesDir, rehearsal.platformFile);
  await recordPassedTest(rehearsal, municipality, 'anbindungstest');
  await recordPassedTest(rehearsal, municipality, 'ausgehend');
  const { exitCode, output } = await desk.mailversand('beobachten', id, '--wait', '60s');
  if (exitCode !== 0) throw new Error(output);
  await desk.edit(id, (text) => withOutgoingTest(text, '2026-01-31'));
}
