import { execFileSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSettings } from '../../../lib/rehearsal/postfix.js';
import { commandLine, mailLog, relayAddresses, type FarEnd, type Namespace } from './lab.js';

/** A Postfix in mount and network namespaces of its own. */
export interface RunningPostfix {
  /** Words before a command that runs beside it. */
  enter: string[];
  log(): string;
  stop(): Promise<void>;
}

/** A key and a self-signed certificate, as opportunistic TLS between mail servers needs no more. */
export function makeCertificate(folder: string, name: string): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', ...curve, '-subj', `/CN=${name}`, ...files], { stdio: 'ignore' });
}

/**
 * Starts the Postfix whose configuration is in `folder/etc`, with a laboratory's settings in its main.cf; it
 * listens on `listeners` sockets when this returns.
 */
export async function startPostfix(
  folder: string,
  host: Namespace,
  { listeners, main = [], mounts = [] }: { listeners: number; main?: string[]; mounts?: string[] },
): Promise<RunningPostfix> {
  const file = join(folder, 'etc/main.cf');
  const lines = [`maillog_file = ${mailLog}`, 'maillog_file_prefixes = /var', ...main];
  writeFileSync(file, withSettings(readFileSync(file, 'utf8'), 'Of the laboratory.', lines));
  mkdirSync(join(folder, 'spool'));
  const before = listening(host);
  const child = host.start(
    'unshare',
    '--mount',
    'sh',
    '-euc',
    `mount --bind ${folder}/etc /etc/postfix; mount --bind ${folder}/spool /var/spool/postfix
     ${mounts.map((words) => `mount --bind ${words}`).join('\n')}
     mount -t tmpfs tmpfs /var/lib/postfix; chown postfix /var/lib/postfix; chmod 700 /var/lib/postfix; mount -t tmpfs tmpfs /var/log
     postfix check 2>&1 | grep -v 'not owned by' || :
     echo $$; exec $(postconf -h daemon_directory)/master -s`,
  );
  const pid = await firstNumber(child);
  while (listening(host) < before + listeners) await new Promise((resolve) => setTimeout(resolve, 50));
  const enter = ['nsenter', `--target=${pid}`, '--mount', '--net', '--'];
  return {
    enter,
    log: () => host.run(...enter, 'cat', mailLog),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** The relay as templates/relay describes it, its maps empty, its addresses on the namespace's loopback. */
export function startRelay(farEnd: FarEnd, host: Namespace, main: string[] = [], mounts: string[] = []) {
  makeCertificate(farEnd.folder, 'mx1.relay.example');
  const { program } = commandLine(farEnd, 'relay', 'prepare');
  execFileSync(program, ['prepare', farEnd.state]);
  for (const address of new Set(Object.values(relayAddresses))) host.ip(`addr add ${address}/32 dev lo`);
  return startPostfix(farEnd.folder, host, { listeners: 5, main, mounts });
}

const listening = (host: Namespace): number =>
  host
    .run('ss', '-Htln')
    .split('\n')
    .filter((line) => line.includes('LISTEN')).length;

async function firstNumber({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<string> {
  let said = '';
  let errors = '';
  stderr.on('data', (data: Buffer) => (errors += data.toString()));
  for (;;) {
    const [data] = (await Promise.race([once(stdout, 'data'), once(stdout, 'end')])) as [Buffer | undefined];
    if (data === undefined) throw new Error(`Postfix does not start: ${said}${errors}`);
    said += data.toString();
    const [, pid] = /^(\d+)$/m.exec(said) ?? [];
    if (pid !== undefined) return pid;
  }
}
