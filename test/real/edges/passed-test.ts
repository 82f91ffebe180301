import type { Municipality } from '../../../lib/config/municipality.js';
import { RehearsalError } from '../../../lib/rehearsal/error.js';
import type { Rehearsal } from '../../../lib/rehearsal/running.js';

/** Writes into the register that a test was passed now, as the program that tests does. */
export async function recordPassedTest(
  rehearsal: Pick<Rehearsal, 'must' | 'platform'>,
  { id, ags, order }: Municipality,
  kind: 'anbindungstest' | 'ausgehend',
): Promise<void> {
  const passedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const register = '/usr/local/lib/mailversand/mailversand-register';
  const row = `put tests ${id},${kind} ${passedAt},rehearsal ${ags} rehearsal ${order.reference}`;
  const said = await rehearsal.must(
    'register',
    ['setpriv', `--reuid=${rehearsal.platform.register.ssh.user}`, '--clear-groups', register],
    `apply 1\n${row}\n`,
  );
  if (!/^ok$/m.test(said)) throw new RehearsalError(`The register does not take \`${row}\`: ${said}`);
}
