import type { Municipality } from '../config/municipality.js';
import { RehearsalError } from './error.js';
import type { Rehearsal } from './running.js';

/** Anbindungstest: the relay reaches every mail server of a municipality through the NAT, and it answers. */
export async function connectionTest(
  rehearsal: Pick<Rehearsal, 'exec' | 'platform'>,
  { id, servers }: Municipality,
): Promise<void> {
  const source = rehearsal.platform.relays[0]?.addresses.outgoing ?? '';
  await Promise.all(
    servers.flatMap(({ transfer, ports }) =>
      ports.map(async (port) => {
        const probe = 'exec 3<>"/dev/tcp/$1/$2"; IFS= read -r line <&3; echo "$line"; echo QUIT >&3';
        const argv = ['timeout', '5', 'bash', '-c', probe, 'probe', transfer, String(port)];
        const { exitCode, stdout } = await rehearsal.exec('relay', argv);
        if (exitCode === 0 && stdout.startsWith('220 ')) return;
        throw new RehearsalError(
          `The connection test failed: from ${source} the relay does not reach ${id} at ${transfer}:${port} (${stdout || 'no answer'}).`,
        );
      }),
    ),
  );
}
