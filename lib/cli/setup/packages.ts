import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { findProgram, run } from '../programs.js';
import { cacheFolder } from './cache.js';
import { withLock } from './lock.js';

/** Their install would start or enable these; the rehearsal starts its own, in namespaces. */
const SERVICES = ['knot', 'named', 'nftables', 'postfix', 'ssh', 'conntrackd'];

const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_MARK = '# mailversand: no service starts while packages are installed';

/** Root on Debian or what is made from it. */
export const canInstall = (env: NodeJS.ProcessEnv): boolean =>
  process.getuid?.() === 0 && findProgram('apt-get', env) !== undefined;

/** Why the programs of the rehearsal are not there and cannot be installed from here. */
export function missingFailure(packages: readonly string[], env: NodeJS.ProcessEnv): Failure {
  const debian = findProgram('apt-get', env) !== undefined;
  return new Failure({
    what: `the rehearsal and the tests on real programs need: ${packages.join(', ')}`,
    remedy: debian
      ? `run this as root, or: sudo apt-get install --no-install-recommends ${packages.join(' ')}`
      : 'they run on Debian 12 or newer; elsewhere use the Containerfile',
    rule: 'programs-missing',
  });
}

/**
 * Installs Debian packages without a question, without removing any other package (a machine with another
 * mail server keeps it), and without starting or enabling a service.
 */
export async function installPackages(io: Io, packages: readonly string[]): Promise<void> {
  const waiting = (pid: number): void => io.note(`Waiting for process ${pid}, which installs packages …`);
  await withLock(join(cacheFolder(io.env), 'packages.lock'), waiting, () =>
    io.step(`Installing Debian packages: ${packages.join(', ')}`, async (say) => {
      const before = SERVICES.filter(hasUnit);
      await withoutServices(async () => {
        await answerPostfix(io.env);
        await aptGet(io.env, ['update'], say);
        await aptGet(io.env, ['install', '--no-install-recommends', '--no-remove', ...packages], say);
      });
      const added = SERVICES.filter((service) => hasUnit(service) && !before.includes(service));
      await disable(added, io.env);
    }),
  );
}

async function aptGet(env: NodeJS.ProcessEnv, args: readonly string[], say: (line: string) => void) {
  const apt = findProgram('apt-get', env) ?? 'apt-get';
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Options::=--force-confold'];
  const { exit, output } = await run(apt, [...options, ...args], {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    line: say,
  });
  if (exit === 0) return;
  throw new Failure({
    what: `apt-get ${args[0] ?? ''} failed`,
    details: output
      .split('\n')
      .filter((line) => /^[EW]: /.test(line))
      .slice(0, 5),
    remedy: 'see that a Debian mirror can be reached and nothing else holds apt, then start this again',
    rule: 'packages-failed',
  });
}

/** A mail server of the machine itself is not wanted: the answer that makes the smallest configuration. */
async function answerPostfix(env: NodeJS.ProcessEnv): Promise<void> {
  if (existsSync('/etc/postfix/main.cf')) return;
  const program = findProgram('debconf-set-selections', env);
  if (program === undefined) return;
  await run('/bin/sh', ['-c', `echo 'postfix postfix/main_mailer_type select Local only' | ${program}`], {
    env,
  });
}

/** Debian's own switch: a policy program that forbids every start. Removed again whatever happens. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  const own = !existsSync(POLICY) || readFileSync(POLICY, 'utf8').includes(POLICY_MARK);
  if (!own) return work();
  const remove = (): void => rmSync(POLICY, { force: true });
  const stop = (): void => process.exit(1);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  process.once('exit', remove);
  for (const signal of signals) process.once(signal, stop);
  writeFileSync(POLICY, `#!/bin/sh\n${POLICY_MARK}\nexit 101\n`, { mode: 0o755 });
  try {
    await work();
  } finally {
    remove();
    process.off('exit', remove);
    for (const signal of signals) process.off(signal, stop);
  }
}

const hasUnit = (service: string): boolean =>
  existsSync(`/lib/systemd/system/${service}.service`) || existsSync(`/etc/init.d/${service}`);

/** Neither systemd nor a System V init starts them at the next boot; both tools belong to every Debian. */
async function disable(services: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const service of services) {
    for (const [tool, ...args] of [
      ['update-rc.d', service, 'disable'],
      ['deb-systemd-helper', 'disable', `${service}.service`],
    ] as const) {
      const path = findProgram(tool, env);
      if (path !== undefined) await run(path, args, { env });
    }
  }
}
