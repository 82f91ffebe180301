import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Municipality } from '../config/municipality.js';
import type { Platform, SshEndpoint } from '../config/platform.js';
import { gatewayOf, relayOf } from '../migration/site.js';
import { testDigest } from '../migration/test-digest.js';
import { seconds, timestamp } from '../migration/timestamp.js';
import type { Endpoint } from '../provider/provider-config.js';
import { recordPassedTest, type TestKind } from '../provider/passed-tests.js';
import { openTargets } from '../provider/targets/index.js';
import { resolverOf } from '../provider/targets/vantage.js';
import type { Command } from '../provider/transport/session.js';
import { sshCommand } from '../provider/transport/ssh.js';
import type { Sides } from './context.js';
import { parseFlow } from './flow.js';
import { RelaySide } from './relay-side.js';
import { resolverAt } from './resolver.js';

/** The far ends of a connection test, reached over SSH. */
export interface FarSides extends Sides {
  /** Writes a passed test into the register. */
  record(kind: TestKind, passedAt: Date): Promise<void>;
  close(): Promise<void>;
}

/** Bytes of a correlation id; 12 hexadecimal digits. */
const idBytes = 6;

/**
 * Nothing is connected before it is used.
 * @param enter words before ssh, for a program that is not itself in the rehearsal's network
 */
export function farSides(
  municipality: Municipality,
  platform: Platform,
  enter: readonly string[] = [],
): FarSides {
  const connect = async (endpoint: Endpoint, user: string): Promise<Command> => {
    const command = await sshCommand(endpoint, user);
    const [first, ...rest] = enter;
    if (first === undefined) return command;
    return { ...command, program: first, args: [...rest, command.program, ...command.args] };
  };
  const targets = openTargets(
    {
      gateways: platform.gateways.map(({ name, ssh }) => ({ name, ...endpoint(ssh) })),
      relays: [],
      register: endpoint(platform.register.ssh),
    },
    { connect },
  );
  const { name, ssh } = relayOf(municipality, platform);
  const title = `relay ${name} (${ssh.probeUser}@${ssh.host})`;
  // A dozen connections to the relay: one SSH connection carries them all, for as long as the first session lives.
  // A socket's path has at most some hundred characters.
  const folder = mkdtempSync(join(tmpdir(), 'mv-'));
  const relay = new RelaySide(title, async (role) => {
    const command = await connect(endpoint(ssh), ssh.probeUser);
    const options = [`ControlPath=${join(folder, 'c')}`, `ControlMaster=${role === 'first' ? 'yes' : 'no'}`];
    const at = command.args.indexOf('-T') + 1;
    return {
      ...command,
      args: command.args.toSpliced(at, 0, ...options.flatMap((option) => ['-o', option])),
    };
  });
  const gateway = gatewayOf(municipality, platform).name;
  return {
    relay,
    flow: async ({ ingress, source, destination, port }) =>
      parseFlow(await targets.flow(gateway, ingress, source, destination, port)),
    resolve: resolverAt(resolverOf({ resolver: platform.vantagePoint?.resolver })),
    now: () => new Date(),
    newId: () => `anb-${randomBytes(idBytes).toString('hex')}`,
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    record: (kind, passedAt) =>
      recordPassedTest(
        targets({ kind: 'register' }),
        { municipality: municipality.id, owner: municipality.ags, order: municipality.order.reference, kind },
        { passedAt: timestamp(seconds(passedAt)), digest: testDigest(municipality, platform) },
      ),
    close: async () => {
      await Promise.all([targets.close(), relay.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const endpoint = (ssh: SshEndpoint): Endpoint => ({ ...ssh, hostKey: ssh.hostKey ?? '' });
