import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanUpLeftovers } from '../../../lib/rehearsal/leftovers.js';
import { fillTemplate, placeFile, templatePath } from '../../../lib/rehearsal/files.js';
import { makeNamespaces } from '../../../lib/rehearsal/namespaces.js';
import { startKnot, startPostfix } from '../../../lib/rehearsal/services.js';
import { World, type CommandResult } from '../../../lib/rehearsal/world.js';
import { reportSchema, type Report } from '../../../lib/vorabpruefung/report.js';

/** One mail server of the laboratory: a domain of its own, an address of its own, and what is wrong with it. */
export interface Server {
  /** Its domain is NAME.example, its host mail.NAME.example. */
  name: string;
  address: string;
  /** Line of master.cf; undefined: nothing listens. */
  smtpd?: string;
  /** Whether it takes mail for its domain. @default true */
  hosted?: boolean;
  /** Records of its zone instead of the healthy ones. */
  records?: readonly string[];
}

export const script = templatePath('vorabpruefung', 'mailversand-pruefung.sh');
const program = join(import.meta.dirname, '../../../dist/lib/cli/main.js');
const nameServer = '203.0.113.53';
/** The mail server's own addresses; on the second it trusts itself and takes only small mail. */
const inside = ['192.168.10.5', '192.168.10.6'] as const;
const resolverLine = `nameserver ${nameServer}\n`;

const healthyRecords = (address: string): string[] => [
  '@ MX 10 mail',
  `mail A ${address}`,
  '@ TXT "v=spf1 mx -all"',
  '_dmarc TXT "v=DMARC1; p=none"',
  's1._domainkey TXT "v=DKIM1; p=AAAA"',
];

/**
 * One Knot and one Postfix with a listener for each server, and a host that looks at them from outside: faults are
 * options of the listeners.
 */
export class Lab {
  private constructor(readonly world: World) {}

  static async start(servers: readonly Server[]): Promise<Lab> {
    await cleanUpLeftovers();
    const world = await World.create();
    try {
      await makeNamespaces(world, [
        {
          name: 'dns',
          links: [{ name: 'world', segment: 'world', addresses: [`${nameServer}/24`] }],
          routes: ['route add 198.51.100.0/24 dev world'],
        },
        {
          name: 'server',
          links: [
            { name: 'world', segment: 'world', addresses: servers.map(({ address }) => `${address}/24`) },
          ],
          routes: [
            'route add 203.0.113.0/24 dev world',
            ...inside.map((address) => `address add ${address}/32 dev lo`),
          ],
        },
      ]);
      const lab = new Lab(world);
      await writeFile(join(world.runDir, 'resolv.conf'), resolverLine);
      await mkdir(lab.scratch);
      await Promise.all([lab.#startDns(servers), lab.#startMail(servers)]);
      return lab;
    } catch (error) {
      await world.end();
      throw error;
    }
  }

  end(): Promise<void> {
    return this.world.end();
  }

  /** The command, from outside. */
  async command(domain: string): Promise<Report & { exit: number }> {
    return parsed(await this.#run('dns', [process.execPath, program, 'vorabpruefung', domain, '--json']));
  }

  /** The same command as a person reads it. */
  text(domain: string): Promise<CommandResult> {
    return this.#run('dns', [process.execPath, program, 'vorabpruefung', domain]);
  }

  /**
   * The script, from outside.
   * @param shell words that run it
   * @param path folder with the only programs that it finds
   */
  async script(domain: string, shell: readonly string[], path?: string): Promise<Report & { exit: number }> {
    const found = path === undefined ? [] : ['env', `PATH=${path}`];
    return parsed(await this.#run('dns', [...found, ...shell, script, '--von-aussen', '--json', domain]));
  }

  scriptText(domain: string): Promise<CommandResult> {
    return this.#run('dns', ['sh', script, '--von-aussen', domain]);
  }

  /** The script on the mail server, whose own files it sees there. */
  async onServer(domain: string, ...options: string[]): Promise<Report & { exit: number }> {
    // By standard input: a host's own /tmp or /opt may hide the folder that the script is in.
    const argv = ['sh', '-s', '--', '--json', ...options, domain];
    return parsed(await this.world.run(this.world.enter('server'), argv, await readFile(script, 'utf8')));
  }

  /** Where programs with this machine's files make their temporary ones. */
  get scratch(): string {
    return join(this.world.runDir, 'scratch');
  }

  /** This machine's files, a host's network, and the laboratory's resolver. */
  #run(host: string, argv: string[]): Promise<CommandResult> {
    const bind = 'mount --bind "$0" /etc/resolv.conf && TMPDIR=$1 && export TMPDIR && shift && exec "$@"';
    const resolver = join(this.world.runDir, 'resolv.conf');
    return this.world.run(
      [...this.world.enterNetwork(host), 'unshare', '--mount', 'sh', '-c', bind, resolver, this.scratch],
      argv,
    );
  }

  async #startDns(servers: readonly Server[]): Promise<void> {
    const zones = servers.map(({ name }) => `${name}.example`);
    const place = (path: string, content: string): Promise<void> =>
      placeFile(this.world.hostFolder('dns'), { path, content, mode: 0o644 });
    await this.#resolver('dns');
    await place(
      '/etc/knot/knot.conf',
      [
        'server:',
        `  listen: ["${nameServer}@53"]`,
        '  rundir: "/run/knot"',
        '  user: "knot:knot"',
        'log:',
        '  - target: "/var/log/knot.log"',
        '    any: "info"',
        'database:',
        '  storage: "/var/lib/knot"',
        ...['journal', 'kasp', 'timer'].map((kind) => `  ${kind}-db-max-size: "8M"`),
        'zone:',
        ...[...zones, '.'].flatMap((zone) => [
          `  - domain: "${zone}"`,
          '    storage: "/var/lib/knot/zones"',
          `    file: "${zone}zone"`,
        ]),
        '',
      ].join('\n'),
    );
    const soa = '@ 60 SOA ns.example. hostmaster.example. 1 3600 600 86400 5\n@ 60 NS ns.example.\n';
    await place('/var/lib/knot/zones/.zone', `$ORIGIN .\n${soa}ns.example. A ${nameServer}\n`);
    for (const { name, address, records = healthyRecords(address) } of servers) {
      await place(
        `/var/lib/knot/zones/${name}.examplezone`,
        `$ORIGIN ${name}.example.\n$TTL 60\n${soa}${records.join('\n')}\n`,
      );
    }
    await startKnot(this.world);
  }

  async #startMail(servers: readonly Server[]): Promise<void> {
    const place = (path: string, content: string): Promise<void> =>
      placeFile(this.world.hostFolder('server'), { path, content });
    const domains = servers.filter(({ hosted = true }) => hosted).map(({ name }) => `${name}.example`);
    const main = await fillTemplate('rehearsal/main.cf', {
      NAME: 'mail.server.example',
      DOMAINS: domains.join(', '),
      MAILBOXES: 'texthash:/etc/postfix/boxes',
    });
    const master = await fillTemplate('rehearsal/master.cf', {});
    await this.#resolver('server');
    const own = ['smtpd_error_sleep_time = 0'];
    await place('/etc/postfix/main.cf', [main, ...own, ''].join('\n'));
    await place('/etc/postfix/boxes', domains.map((domain) => `postmaster@${domain} all/\n`).join(''));
    await place(
      '/etc/postfix/master.cf',
      [
        master.replace(/^smtp inet .*$/m, `${inside[0]}:25 inet n - n - - smtpd`),
        `${inside[1]}:25 inet n - n - - smtpd -o message_size_limit=10240000 -o mynetworks=${inside[1]}`,
        ...servers.flatMap(({ address, smtpd }) => (smtpd === undefined ? [] : [`${address}:${smtpd}`])),
        '',
      ].join('\n'),
    );
    const names = servers.map(({ name }) => `mail.${name}.example`);
    await Promise.all([
      this.#certificate('rehearsal', names, 30),
      this.#certificate('expired', names, -1),
      this.#certificate('stranger', ['mail.woanders.example'], 30),
    ]);
    await startPostfix(this.world, 'server');
  }

  /** @param days until it ends; negative: it has */
  async #certificate(file: string, names: readonly string[], days: number): Promise<void> {
    const place = join(this.world.hostFolder('server'), 'etc/ssl', file);
    const san = names.map((name) => `DNS:${name}`).join(',');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const subject = ['-subj', '/CN=labor', '-addext', `subjectAltName=${san}`];
    const out = ['-keyout', `${place}.key`, '-out', `${place}.crt`];
    await this.world.must([], ['openssl', 'req', '-x509', ...key, ...subject, ...out]);
    const again = ['-in', `${place}.crt`, '-signkey', `${place}.key`, '-days', String(days)];
    await this.world.must([], ['openssl', 'x509', ...again, '-out', `${place}.crt`]);
  }

  async #resolver(host: string): Promise<void> {
    await placeFile(this.world.hostFolder(host), {
      path: '/etc/resolv.conf',
      content: resolverLine,
    });
  }
}

function parsed({ exitCode, stdout, stderr }: CommandResult): Report & { exit: number } {
  if (stdout === '') throw new Error(`no report: ${stderr}`);
  return { ...reportSchema.parse(JSON.parse(stdout)), exit: exitCode };
}
