import type { Municipality } from '../../../lib/config/municipality.js';
import { testDigest } from '../../../lib/migration/test-digest.js';
import { RehearsalError } from '../../../lib/rehearsal/error.js';
import type { Rehearsal } from '../../../lib/rehearsal/running.js';

/** Writes into the register that a test was passed now, as the program that tests does. */
export async function recordPassedTest(
  rehearsal: Pick<Rehearsal, 'must' | 'platform'>,
  municipality: Municipality,
  kind: 'anbindungstest' | 'ausgehend',
): Promise<void> {
  const { id, ags, order } = municipality;
  const passedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const register = '/usr/local/lib/mailversand/mailversand-register';
  const row = `put tests ${id},${kind} ${passedAt},${testDigest(municipality, rehearsal.platform)} ${ags} rehearsal ${order.reference}`;
  const said = await rehearsal.must(
    'register',
    ['setpriv', `--reuid=${rehearsal.platform.register.ssh.user}`, '--clear-groups', register],
    `apply 1\n${row}\n`,
  );
  if (!/^ok$/m.test(said)) throw new RehearsalError(`The register does not take \`${row}\`: ${said}`);
}
