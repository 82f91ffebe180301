import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { RehearsalError } from './error.js';
import type { Layout } from './layout.js';
import { answersIn } from './answers.js';
import { sendMail, type MailRequest, type MailResult } from './mail.js';
import { namedHops, type Hop } from './paths.js';
import type { Received } from './received.js';
import { mailertabelle, outgoingMap } from './postfix.js';
import { until } from './services.js';
import { runRoot, World, type CommandResult, type ProcessId } from './world.js';

interface Parts {
  world: World;
  layout: Layout;
  platform: Platform;
  municipalities: Municipality[];
  env: Record<string, string>;
}

/** What the run folder says about a rehearsal (`rehearsal.json`), so that another program can use it too. */
interface Saved extends Omit<Parts, 'world' | 'layout'> {
  init: ProcessId;
  holders: [string, number][];
  layout: Omit<Layout, 'addresses'> & { addresses: [string, string[]][] };
}

export interface SentMail extends Omit<MailResult, 'received'> {
  hops: Hop[];
}

/** A running Landesnetz. */
export class Rehearsal {
  constructor(private readonly parts: Parts) {}

  /** One that another program left running (`keep`). */
  static async open(id: string): Promise<Rehearsal> {
    const runDir = join(runRoot, id);
    const text = await readFile(join(runDir, 'rehearsal.json'), 'utf8').catch(() => {
      throw new RehearsalError(
        `There is no rehearsal ${id}; npx mailversand rehearsal list shows what runs.`,
      );
    });
    const { init, holders, layout, ...rest } = JSON.parse(text) as Saved;
    return new Rehearsal({
      ...rest,
      world: new World(id, runDir, init, new Map(holders)),
      layout: { ...layout, addresses: new Map(layout.addresses) },
    });
  }

  get id(): string {
    return this.parts.world.id;
  }

  /** Of this program's and the engineer's files: platform, municipalities, keys, states. */
  get runDir(): string {
    return this.parts.world.runDir;
  }

  /** The platform file with this rehearsal's host keys. */
  get platformFile(): string {
    return this.parts.env['MAILVERSAND_PLATFORM'] ?? '';
  }

  /** Working copies of the municipalities' files. */
  get municipalitiesDir(): string {
    return this.parts.env['MAILVERSAND_MUNICIPALITIES'] ?? '';
  }

  /** Variables with which commands deploy into this rehearsal. */
  get env(): Record<string, string> {
    return this.parts.env;
  }

  get layout(): Layout {
    return this.parts.layout;
  }

  get platform(): Platform {
    return this.parts.platform;
  }

  municipality(id: string): Municipality {
    const found = this.parts.municipalities.find((municipality) => municipality.id === id);
    if (found) return found;
    throw new RehearsalError(`${id} does not take part in rehearsal ${this.id}.`);
  }

  /** Runs a program on a host, e.g. `exec('relay', ['postqueue', '-p'])`. */
  exec(host: string, argv: string[], input?: string): Promise<CommandResult> {
    const { world } = this.parts;
    return world.run(world.enter(host), argv, input);
  }

  /** As {@link exec}, for what must succeed. */
  must(host: string, argv: string[], input?: string): Promise<string> {
    const { world } = this.parts;
    return world.must(world.enter(host), argv, input);
  }

  /** A file of a host as this program can read it. */
  path(host: string, path: string): string {
    return join(this.parts.world.hostFolder(host), path);
  }

  /** The same by a way short enough for a socket, whose path may have no more than 107 bytes. */
  inside(host: string, path: string): string {
    return join(this.parts.world.namespaces(host), '../root', path);
  }

  /** Words before a command that runs in a host's network with this machine's files. */
  enterNetwork(host: string): string[] {
    return this.parts.world.enterNetwork(host);
  }

  /** Folder with a host's namespaces, as this program sees it. */
  namespaces(host: string): string {
    return this.parts.world.namespaces(host);
  }

  /** Sends one real mail and waits for it. */
  async send(request: MailRequest): Promise<SentMail> {
    const { world, layout } = this.parts;
    const { received, ...result } = await sendMail(world, layout, request);
    return { ...result, hops: this.hops(received) };
  }

  /** The hosts behind what a mail's headers say. */
  hops(received: Received[]): Hop[] {
    const { layout, platform, municipalities } = this.parts;
    return namedHops(received, { parties: layout.parties, platform, municipalities });
  }

  /**
   * Tells a municipality's server where its outgoing mail goes, as its own people would.
   * @param domains that go by the relay; the others go directly
   */
  async municipalityOutgoing(
    id: string,
    way: 'direct' | 'relay',
    domains = this.municipality(id).domains.map(({ name }) => name),
  ): Promise<void> {
    const { relayAlias } = this.municipality(id).network;
    // Also what has the null sender: bounces and automatic answers.
    const senders = [...domains.map((name) => `@${name}`), '<>'];
    const rows = way === 'relay' ? senders.map((sender) => `${sender} [${relayAlias}]:25\n`).join('') : '';
    const { world } = this.parts;
    await world.must(
      world.enter(id),
      ['sh', '-euc', `cat >${outgoingMap}; postmap lmdb:${outgoingMap}`],
      rows,
    );
  }

  /** Looks into the mailbox outside for the answers to the connection test, one for each domain. @returns files */
  async answersOutside(id: string): Promise<string[]> {
    const { domains } = this.municipality(id);
    return until(
      async () => {
        const found = await answersIn(this.path('internet', 'var/mail/all/new'));
        const files = domains.flatMap(({ name }) => found.get(name) ?? []);
        return files.length === domains.length ? files : undefined;
      },
      20_000,
      () => Promise.resolve(`The mailbox outside did not get an answer from every domain of ${id}.`),
    );
  }

  /** Waits until the NdB partner has the table that the register asks for. */
  async settled(): Promise<void> {
    const read = (host: string, file: string): Promise<string> =>
      readFile(this.path(host, file), 'utf8').catch(() => '');
    await until(
      async () => {
        const rows = await read('register', 'var/lib/mailversand-register/elements');
        const wanted = [...rows.matchAll(/^ndb_domains (\S+) /gm)]
          .map(([, domain = '']) => `${domain} ${domain}\n`)
          .join('');
        return (await read('ndb', mailertabelle)) === wanted ? true : undefined;
      },
      20_000,
      () => Promise.resolve('The NdB partner did not get the table of the register within 20 seconds.'),
    );
  }

  /** Lets the rehearsal live on when this program ends. */
  keep(): Promise<void> {
    return this.parts.world.keep();
  }

  /** Ends every process, removes every file. */
  stop(): Promise<void> {
    return this.parts.world.end();
  }

  /** Writes down what {@link open} needs, and a small program to look around with. */
  async save(): Promise<void> {
    const { world, layout, ...rest } = this.parts;
    const saved: Saved = {
      ...rest,
      init: world.init,
      holders: [...world.holders],
      layout: { ...layout, addresses: [...layout.addresses] },
    };
    await writeFile(join(this.runDir, 'rehearsal.json'), `${JSON.stringify(saved)}\n`);
    const variables = Object.entries(this.env).map(([name, value]) => `export ${name}='${value}'\n`);
    await writeFile(join(this.runDir, 'env'), variables.join(''));
    const cases = [...world.holders.keys()]
      .filter((host) => layout.hosts.some(({ name }) => name === host))
      .map((host) => `  ${host}) exec ${world.enter(host).join(' ')} "$@" ;;`);
    const script = [
      '#!/bin/sh',
      `# A command on a host of rehearsal ${this.id}: sh ${this.runDir}/enter HOST [COMMAND …]`,
      'host=${1-}',
      '[ $# -eq 0 ] || shift',
      '[ $# -gt 0 ] || set -- sh',
      'case $host in',
      ...cases,
      `  *) echo "hosts: ${layout.hosts.map(({ name }) => name).join(' ')}" >&2; exit 2 ;;`,
      'esac',
      '',
    ].join('\n');
    await writeFile(join(this.runDir, 'enter'), script);
  }
}
