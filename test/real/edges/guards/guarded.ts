import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rehearsal } from '../../../../lib/rehearsal/running.js';
import { timestamp } from '../../../../lib/provider/time.js';
import { until } from '../../../../lib/rehearsal/services.js';
import { buildProgram } from '../../provider/workspace.js';
import { processesHere, reread, type Desk, type Ran } from '../desk.js';

const register = '/var/lib/mailversand-register/elements';

/**
 * For sh on a mail server whose settings have changed: an idle process that began with the old ones leaves by itself,
 * but not at once, and could take one more connection with them. It is waited for and not killed: where it has not
 * served yet, Postfix would throttle its kind for a minute.
 */
export const reload = [
  `old=$(${processesHere('smtpd|smtp|trivial-rewrite|policyd-spf')})`,
  reread,
  'for i in $(seq 100)',
  'do for p in $old; do ! kill -0 $p 2>/dev/null || { sleep 0.05; continue 2; }; done; break',
  'done',
].join('\n');

/**
 * The entry of an edge that is written now, by hand.
 * @param length the platform's time of settling, seconds
 */
export const settlingNow = (length: number): string => {
  const [since, until] = [0, length].map((s) => timestamp(new Date(Date.now() + s * 1000)));
  return `settling: { since: ${since}, until: ${until} }\n`;
};

/** A folder with the program without a guard, and with the engine's configuration that leads to it. */
export async function programWithout(desk: Desk): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mailversand-guards-'));
  const programs = join(folder, 'programs');
  await mkdir(programs);
  await buildProgram(programs, {
    source: join(import.meta.dirname, 'program.ts'),
    name: 'terraform-provider-landesnetz',
  });
  await writeFile(join(programs, 'package.json'), '{ "type": "commonjs" }\n');
  const config = await readFile(desk.environment['TF_CLI_CONFIG_FILE'] ?? '', 'utf8');
  const instead = `  dev_overrides {\n    "mailversand.example/interkommunal/landesnetz" = "${programs}"\n  }\n`;
  await writeFile(join(folder, 'rc'), config.replace(/provider_installation \{\n/, `$&${instead}`));
  return folder;
}

/**
 * The same deploy of one municipality with every guard, and without one of them: the engine then starts a provider
 * program that differs from the shipped one in nothing but this rule.
 */
export class Guarded {
  private readonly undo: (() => Promise<unknown>)[] = [];

  constructor(
    readonly desk: Desk,
    readonly id: string,
    /** Made by {@link programWithout}. */
    private readonly folder: string,
  ) {}

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
    await this.desk.close();
  }

  get rehearsal(): Rehearsal {
    return this.desk.rehearsal;
  }

  /** The synthesised stack as it is deployed next. */
  get stackFile(): string {
    return join(this.desk.folder(this.id), 'cdk.tf.json');
  }

  /**
   * As it is a day later: the entry `settling` stands, so that gate-settling has nothing against the plan, and what
   * the servers refuse bounces all the same. Only so is a mail lost within seconds.
   */
  async keepNothing(): Promise<void> {
    const stack = await readFile(this.stackFile, 'utf8');
    await writeFile(
      this.stackFile,
      stack
        .replace(/("soft_bounce": )true/g, '$1false')
        .replace(/("foreign_senders": )"defer"/g, '$1"refuse"'),
    );
  }

  /** The deploy with the shipped provider. */
  apply(...more: string[]): Promise<Ran> {
    return this.desk.engine(this.id, 'apply', '-auto-approve', '-input=false', ...more);
  }

  /** The rules that refuse the deploy. */
  async refusedBy(...more: string[]): Promise<string[]> {
    const { exitCode, output } = await this.apply(...more);
    if (exitCode === 0) throw new Error(`nothing refused the deploy:\n${output}`);
    const rules = [...output.matchAll(/Error: .*\[([a-z-]+)\]/g)].map(([, rule]) => rule ?? '');
    if (rules.length === 0) throw new Error(output);
    return [...new Set(rules)];
  }

  /** The same once what is held is due by the register's clock, which is a moment behind that of the file. */
  async refusedOnceDue(...more: string[]): Promise<string[]> {
    for (;;) {
      const rules = await this.refusedBy(...more);
      if (!rules.includes('gate-kept')) return rules;
    }
  }

  /** The same deploy, with one guard less. @throws unless it goes through */
  async applyWithout(rules: string, ...more: string[]): Promise<void> {
    const { exitCode, output } = await this.desk.engineWith(
      { TF_CLI_CONFIG_FILE: join(this.folder, 'rc'), MAILVERSAND_TEST_WITHOUT: rules },
      this.id,
      'apply',
      '-auto-approve',
      '-input=false',
      ...more,
    );
    if (exitCode !== 0) throw new Error(output);
  }

  /** Something that goes wrong, and how it is put right when the test is over. */
  async fault(happens: () => Promise<unknown>, undo: () => Promise<unknown>): Promise<void> {
    this.undo.push(undo);
    await happens();
  }

  /** Puts right what went wrong, the last first, and leaves nothing in any queue. */
  async putRight(): Promise<void> {
    const undo = this.undo.splice(0).reverse();
    try {
      for (const one of undo) await one();
    } finally {
      for (const host of ['relay', 'internet', 'tenant', 'ndb', this.id])
        await this.sh(host, 'postsuper -d ALL');
    }
  }

  /** What the register has, until the test is over. */
  async rememberRegister(): Promise<void> {
    const path = this.rehearsal.path('register', register);
    const copy = join(this.folder, 'register');
    await copyFile(path, copy);
    this.undo.push(() => copyFile(copy, path));
  }

  /** Takes rows out of the register, by how they begin. */
  async forget(row: string): Promise<void> {
    await this.rehearsal.must('register', ['sed', '-i', `/^${row}/d`, register]);
  }

  /** What name servers show was seen so on an earlier day, too. */
  async firstSeen(observed: string, day: string): Promise<void> {
    const since = `/^observations ${observed},/s/[0-9]\\{4\\}-[0-9][0-9]-[0-9][0-9]T/${day}T/`;
    await this.rehearsal.must('register', ['sed', '-i', since, register]);
  }

  /** @param words `$1` and so on */
  sh(host: string, script: string, ...words: string[]): Promise<string> {
    return this.rehearsal.must(host, ['sh', '-euc', script, 'sh', ...words]);
  }

  /** Settings of a host's Postfix, each `name=value`, in force when this returns. */
  async postconf(host: string, ...settings: string[]): Promise<void> {
    await this.sh(host, `postconf "$@"; ${reload}`, ...settings);
  }

  /** A record set of a zone, in place of the one that is there; with no data it only goes. */
  async zone(name: string, owner: string, type: string, ttl: number, ...data: string[]): Promise<void> {
    const knotc = (...argv: string[]) => this.rehearsal.must('dns', ['knotc', ...argv]);
    await knotc('zone-begin', name);
    // It need not be there.
    await this.rehearsal.exec('dns', ['knotc', 'zone-unset', name, owner, type]);
    for (const one of data) await knotc('zone-set', name, owner, String(ttl), type, one);
    await knotc('zone-commit', name);
  }

  /** Connections to port 25 that come by an interface of a host are refused. */
  closed(host: string, from: string): Promise<void> {
    return this.fault(
      () =>
        this.sh(
          host,
          `nft add table ip shut; nft 'add chain ip shut in { type filter hook input priority 0 ; }'; nft add rule ip shut in ${from} tcp dport 25 reject with tcp reset`,
        ),
      () => this.sh(host, 'nft delete table ip shut'),
    );
  }

  /** Whether a mail arrives, however long its sender has to try. */
  async arrives(from: string, to = this.id): Promise<boolean> {
    return (await this.rehearsal.send({ from, to })).delivered;
  }

  /** What the first server that does not hand a mail on says of it; `delivered` where it arrives. */
  async ends(mail: { from: string; sender?: string; to?: string; recipient?: string }): Promise<string> {
    const { from, to = this.id } = mail;
    const word = `ends-${Math.random().toString(36).slice(2)}`;
    const recipient = mail.recipient ?? `${word}@${this.domain(to)}`;
    const sender = mail.sender ?? `${word}@${this.domain(from)}`;
    const text = `Subject: ${word}\nMessage-ID: <${word}@rehearsal.example>\nFrom: <${sender}>\n\n`;
    await this.rehearsal.must(from, ['sendmail', '-i', '-f', sender, recipient], text);
    return this.fate(
      new RegExp(`to=<${recipient}>.*status=(sent|deferred|bounced)`),
      [from, 'relay', to],
      to,
    );
  }

  /** The first line of the hosts’ logs that says how a delivery went, if it did not go to the next host. */
  async fate(about: RegExp, hosts: readonly string[], to: string): Promise<string> {
    return until(
      async () => {
        for (const host of new Set(hosts)) {
          const log = await readFile(this.rehearsal.path(host, 'var/log/mail.log'), 'utf8').catch(() => '');
          for (const line of log.split('\n').filter((one) => about.test(one))) {
            if (!line.includes('status=sent')) return `${host}: ${line}`;
            if (host === to) return 'delivered';
          }
        }
        return undefined;
      },
      20_000,
      () => Promise.resolve(`nobody says how a mail went: ${about.source}`),
    );
  }

  domain(party: string): string {
    return this.rehearsal.layout.parties.find(({ name }) => name === party)?.domains[0] ?? party;
  }
}
