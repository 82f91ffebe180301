import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram } from '../requirements.js';
import { query } from '../../../lib/provider/targets/dns/query.js';
import type { UpdateServer } from '../../../lib/provider/targets/dns/update.js';

export const zone = 'musterstadt.example.';
export const secret = Buffer.from('only for tests, on loopback only').toString('base64');
const otherSecret = Buffer.from('of a key that may not do anything').toString('base64');

export interface NameServer {
  /** With the key that may write MX and TXT of the zone's own name. */
  address: UpdateServer;
  folder: string;
  stop(): Promise<void>;
}

/** Records that stand in the zone at the start, beside SOA and NS; a relative name or `@` first. */
export type Records = readonly string[];

const zoneFile = (records: Records): string =>
  [
    `$ORIGIN ${zone}`,
    '@ 3600 IN SOA ns hostmaster 1 3600 600 86400 60',
    '@ 3600 IN NS ns',
    'ns 3600 IN A 127.0.0.1',
    ...records,
    '',
  ].join('\n');

const template = async (name: string): Promise<string> =>
  (await readFile(new URL(`../../../templates/dns/${name}`, import.meta.url), 'utf8')).replaceAll(
    /SECRET(?="?;?$)/gm,
    secret,
  );

/** Knot with the access list that templates/dns/ recommends, as the caller's own user, on a free loopback port. */
export async function startKnot(records: Records): Promise<NameServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailversand-knot-'));
  const port = await freePort();
  const configuration = `
server:
    rundir: "${folder}"
    listen: 127.0.0.1@${port}
database:
    storage: "${folder}"
log:
  - target: "${folder}/log"
    any: info
${await template('knot-acl.example')}
key:
  - id: stranger.
    algorithm: hmac-sha256
    secret: ${otherSecret}
zone:
  - domain: ${zone}
    file: "${folder}/zone"
    acl: mail-of-musterstadt
`;
  await writeFile(join(folder, 'knot.conf'), configuration);
  await writeFile(join(folder, 'zone'), zoneFile(records));
  return running('knotd', ['-c', join(folder, 'knot.conf')], folder, port);
}

/** BIND with the update policy that templates/dns/ recommends. */
export async function startBind(records: Records): Promise<NameServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailversand-bind-'));
  const port = await freePort();
  const configuration = `
options {
  directory "${folder}"; pid-file "${folder}/pid"; session-keyfile "${folder}/session.key"; managed-keys-directory "${folder}";
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no;
};
controls { };
key "stranger." { algorithm hmac-sha256; secret "${otherSecret}"; };
${await template('bind-update-policy.example')}
`;
  await writeFile(join(folder, 'named.conf'), configuration);
  await writeFile(join(folder, 'musterstadt.example.zone'), zoneFile(records));
  return running('named', ['-g', '-c', join(folder, 'named.conf')], folder, port);
}

/** The same server with another key. */
export const stranger = (server: NameServer): UpdateServer => ({
  ...server.address,
  key: { name: 'stranger.', algorithm: 'hmac-sha256', secret: otherSecret },
});

async function running(program: string, argv: string[], folder: string, port: number): Promise<NameServer> {
  const child = spawn(findProgram(program) ?? program, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const address: UpdateServer = {
    host: '127.0.0.1',
    port,
    transport: 'tcp',
    timeoutMs: 2000,
    retries: 0,
    key: { name: zone, algorithm: 'hmac-sha256', secret },
  };
  const stop = async (): Promise<void> => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + 10_000; ; await pause(20)) {
    const up = await query(address, zone, 'MX').then(
      () => true,
      () => false,
    );
    if (up) return { address, folder, stop };
    if (child.exitCode !== null || Date.now() > end) {
      await stop();
      throw new Error(`${program} does not start: ${errors}`);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await over;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
