import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RehearsalError } from './error.js';
import { templatePath } from './files.js';
import type { World } from './world.js';

const pollInterval = 20;
const startTimeout = 15_000;

/** Waits until a condition holds, asking again and again; never sleeps longer than a moment. */
export async function until<T>(
  condition: () => Promise<T | undefined>,
  timeoutMs: number,
  complaint: () => Promise<string>,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new RehearsalError(await complaint());
    await new Promise((resolve) => setTimeout(resolve, pollInterval));
  }
}

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** Waits for a line in a host's log. */
export async function logged(world: World, host: string, log: string, pattern: RegExp): Promise<void> {
  const file = join(world.hostFolder(host), 'var/log', log);
  await until(
    async () => (pattern.test(await read(file)) ? true : undefined),
    startTimeout,
    async () =>
      `${log.replace('.log', '')} on ${host} did not start; its log says:\n${(await read(file)).slice(-2000)}`,
  );
}

/** A self-signed certificate, as opportunistic TLS between mail servers needs no more. */
export async function makeCertificate(world: World, host: string, name: string): Promise<void> {
  const folder = join(world.hostFolder(host), 'etc/ssl');
  await mkdir(folder, { recursive: true });
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '30'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const out = ['-keyout', join(folder, 'rehearsal.key'), '-out', join(folder, 'rehearsal.crt')];
  await world.must([], ['openssl', 'req', '-x509', ...key, ...subject, ...out]);
  await chmod(join(folder, 'rehearsal.key'), 0o600);
}

export async function startKnot(world: World): Promise<void> {
  const enter = world.enter('dns');
  await world.must(enter, [
    'sh',
    '-euc',
    'mkdir -p /run/knot; chown -R knot:knot /run/knot /var/lib/knot; chgrp knot /etc/knot/knot.conf; touch /var/log/knot.log; chown knot /var/log/knot.log; knotd -d',
  ]);
  await logged(world, 'dns', 'knot.log', /server started/);
}

/** Starts a Postfix whose main.cf and master.cf are in place; `maps` begin empty. It listens when this returns. */
export async function startPostfix(world: World, host: string, maps: string[] = []): Promise<void> {
  // By standard input: a host's own /tmp or /opt may hide the folder this package is in.
  await world.must(
    world.enter(host),
    ['sh', '-s', '--', ...maps],
    await readFile(templatePath('rehearsal', 'postfix.sh'), 'utf8'),
  );
}
