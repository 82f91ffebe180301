import { spawn } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Rehearsal } from '../../../lib/rehearsal/running.js';
import { processesHere, reread } from '../edges/desk.js';

type Undo = () => Promise<unknown>;
type Host = 'gateway' | 'customer' | 'dns' | 'relay';

const zone = 'musterstadt.example.';
const fakePort = 2526;
const pollInterval = 20;
const patience = 5000;

/** A municipality of a rehearsal, and the ways to break its mail server and its network. */
export class Customer {
  readonly #busy = new Set<string>();

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly id: string,
  ) {}

  /** Settings of its Postfix. @param services `postconf -P` */
  async postconf(lines: readonly string[], services: readonly string[] = []): Promise<Undo> {
    const files = ['etc/postfix/main.cf', 'etc/postfix/master.cf'].map((path) =>
      this.rehearsal.path(this.id, path),
    );
    const before = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    // In place of what stands there: postlogd would log a warning about each double line to itself, and wait.
    await this.must('customer', ['postconf', '-e', ...lines]);
    if (services.length > 0) await this.must('customer', ['postconf', '-P', ...services]);
    await this.reload();
    return async () => {
      await Promise.all(files.map((file, i) => writeFile(file, before[i] ?? '')));
      await this.reload();
    };
  }

  /** A script on the relay, as root. */
  async relay(script: string, undo: string): Promise<Undo> {
    await this.must('relay', ['sh', '-euc', script]);
    return () => this.must('relay', ['sh', '-euc', undo]);
  }

  /** Commands for nft in the gateway's table; undone as a gateway that boots restores what was applied last. */
  async gatewayRules(commands: readonly string[]): Promise<Undo> {
    await this.must('gateway', ['nft', '-f', '-'], `${commands.join('\n')}\n`);
    return () => this.must('gateway', ['/usr/local/lib/mailversand/mailversand-gateway', 'restore']);
  }

  /** A table of its own with one chain. */
  async ruleset(host: Host, chain: string): Promise<Undo> {
    await this.must(
      host,
      ['nft', '-f', '-'],
      `table ip fault { chain fault { ${chain.replace('; ', '; policy accept; ')}; }; }\n`,
    );
    return () => this.must(host, ['nft', 'delete table ip fault']);
  }

  /** Lines for `ip -batch`. */
  async network(host: Host, lines: readonly string[], undo: readonly string[]): Promise<Undo> {
    await this.must(host, ['ip', '-batch', '-'], `${lines.join('\n')}\n`);
    return () => this.must(host, ['ip', '-batch', '-'], `${undo.join('\n')}\n`);
  }

  /** TXT records of a name in its zone, as a zone file has them. */
  async textsOf(name: string): Promise<string[]> {
    const { stdout } = await this.rehearsal.exec('dns', ['knotc', 'zone-read', zone, `${name}.`, 'TXT']);
    const lines = stdout.split('\n').filter((line) => line.startsWith('['));
    return lines.map((line) => line.split(' ').slice(4).join(' '));
  }

  /** Other TXT records of a name in its zone; none: it has none. */
  async texts(name: string, ...data: string[]): Promise<Undo> {
    const before = await this.textsOf(name);
    const knotc = (...argv: string[]): Promise<string> => this.must('dns', ['knotc', ...argv]);
    const write = async (from: readonly string[], to: readonly string[]): Promise<void> => {
      await knotc('zone-begin', zone);
      if (from.length > 0) await knotc('zone-unset', zone, `${name}.`, 'TXT');
      for (const text of to) await knotc('zone-set', zone, `${name}.`, '5', 'TXT', text);
      await knotc('zone-commit', zone);
    };
    await write(before, data);
    return () => write(data, before);
  }

  /** Its test mailbox answers otherwise. */
  async answering(change: (script: string) => string): Promise<Undo> {
    const file = this.rehearsal.path(this.id, 'usr/local/lib/rehearsal/answer.sh');
    const before = await readFile(file, 'utf8');
    await writeFile(file, change(before));
    return () => writeFile(file, before);
  }

  /** Its server has no key to sign with. */
  async withoutKey(): Promise<Undo> {
    const file = this.rehearsal.path(this.id, 'etc/dkim.pem');
    await rename(file, `${file}.away`);
    return () => rename(`${file}.away`, file);
  }

  /** Its server sends past the relay. */
  async sendingDirect(): Promise<Undo> {
    await this.rehearsal.municipalityOutgoing(this.id, 'direct');
    return () => this.rehearsal.municipalityOutgoing(this.id, 'relay');
  }

  /** Another program answers on port 25. @param script for node; listens on PORT */
  async imposter(script: string): Promise<Undo> {
    // Only the network: behind a process namespace it would not be this child that is ended.
    const [program = '', ...args] = this.rehearsal
      .enterNetwork(this.id)
      .filter((word) => !word.startsWith('--pid'));
    const ready = script.replace('.listen(PORT)', `.listen(${fakePort}, () => console.log('ready'))`);
    const child = spawn(program, [...args, process.execPath, '-e', ready], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', () => reject(new Error('the imposter does not start')));
    });
    const chain = `type nat hook prerouting priority -100; tcp dport 25 redirect to :${fakePort}`;
    const away = await this.ruleset('customer', chain);
    return async () => {
      await away();
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    };
  }

  /** A certificate with a key as nobody makes it any more. */
  async weakCertificate(): Promise<Undo> {
    const script =
      'cd /tmp; openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.crt -days 99 -subj /CN=mail.musterstadt.example';
    await this.must('customer', ['sh', '-euc', script]);
    return this.postconf([
      'smtpd_tls_cert_file = /tmp/weak.crt',
      'smtpd_tls_key_file = /tmp/weak.key',
      'tls_medium_cipherlist = ALL:@SECLEVEL=0',
    ]);
  }

  /** A certificate whose last day is over. */
  async expiredCertificate(): Promise<Undo> {
    const script = `
      cd /tmp; echo 'default_ca=a' >ca.cnf; printf '[ca]\\ndefault_ca=a\\n[a]\\ndatabase=/tmp/index\\nserial=/tmp/serial\\nnew_certs_dir=/tmp\\ndefault_md=sha256\\npolicy=p\\n[p]\\ncommonName=supplied\\n' >ca.cnf
      : >index; echo 01 >serial
      openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout old.key -out old.csr -subj /CN=mail.musterstadt.example
      openssl ca -batch -config ca.cnf -selfsign -keyfile old.key -in old.csr -out old.crt -notext -startdate 20200101000000Z -enddate 20210101000000Z`;
    await this.must('customer', ['sh', '-euc', script]);
    return this.postconf(['smtpd_tls_cert_file = /tmp/old.crt', 'smtpd_tls_key_file = /tmp/old.key']);
  }

  private must(host: Host, argv: string[], input?: string): Promise<string> {
    return this.rehearsal.must(host === 'customer' ? this.id : host, argv, input);
  }

  /** New settings hold for processes that start after this. Old ones that stay are in a session and take no other. */
  private async reload(): Promise<void> {
    const processes = async (): Promise<string[]> =>
      (await this.must('customer', ['sh', '-c', processesHere('smtpd|cleanup')]))
        .split('\n')
        .filter((pid) => pid !== '');
    const old = new Set((await processes()).filter((pid) => !this.#busy.has(pid)));
    await this.must('customer', ['sh', '-c', reread]);
    const end = Date.now() + patience;
    while (Date.now() < end && (await processes()).some((pid) => old.has(pid)))
      await new Promise((resolve) => setTimeout(resolve, pollInterval));
    for (const pid of old) this.#busy.add(pid);
  }
}
