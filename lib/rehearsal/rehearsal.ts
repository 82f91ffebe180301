import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { dnsFiles } from './dns.js';
import { farEnds, installFarEnd, makeSshClient } from './far-ends.js';
import { packageRoot, placeFile, templatePath, type PlacedFile } from './files.js';
import { layOut, type Layout } from './layout.js';
import { cleanUpLeftovers } from './leftovers.js';
import { makeNamespaces } from './namespaces.js';
import { mailertabelle, ownMaps, partyFiles, relayFiles } from './postfix.js';
import { requireMachine } from './requirements.js';
import { startResolver } from './resolver.js';
import { Rehearsal } from './running.js';
import { makeCertificate, startKnot, startPostfix } from './services.js';
import { makeSigning } from './signing.js';
import { World } from './world.js';

export interface RehearsalOptions {
  municipalities: Municipality[];
  platform: Platform;
  /** Where `platform` was read from. @default stacks/platforms/rehearsal.yaml of this package */
  platformFile?: string;
  /** Folder of the municipalities' files, of which the rehearsal makes working copies. @default municipalities/ of this package */
  municipalitiesDir?: string;
  /** Path of tofu or terraform. @default the first of them in PATH */
  engine?: string;
  /** Every mail server asks a caching resolver of its own. @default false: the name server itself */
  resolvers?: boolean;
  /** Live on when this program ends. @default false */
  keep?: boolean;
  /** Gets a line about each step. */
  report?: (message: string) => void;
}

/** Starts a Landesnetz on this machine with everything that engine and provider need to deploy into it. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { municipalities, platform, report = () => undefined } = options;
  requireMachine();
  const removed = await cleanUpLeftovers();
  if (removed.length > 0) report(`removed what was left of ${removed.join(', ')}`);
  const layout = layOut(platform, municipalities);
  const world = await World.create();
  try {
    const sshConfig = await raise(world, layout, options, report);
    const env = await workplace(world, options, sshConfig);
    const rehearsal = new Rehearsal({ world, layout, platform, municipalities, env });
    await rehearsal.save();
    if (options.keep === true) await rehearsal.keep();
    return rehearsal;
  } catch (error) {
    await world.end();
    throw error;
  }
}

/** Hosts, network and daemons; whatever can start at the same time does. @returns ssh_config and host keys */
async function raise(
  world: World,
  layout: Layout,
  { municipalities, platform, resolvers = false }: RehearsalOptions,
  report: (message: string) => void,
): Promise<SshFiles> {
  const began = Date.now();
  const step = (what: string): void => report(`${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  const [config, signings] = await Promise.all([
    makeSshClient(world, platform.register.ssh.platformUser),
    Promise.all(municipalities.map(async (one) => [one.id, await makeSigning(one)] as const)),
    makeNamespaces(world, layout.hosts),
  ]);
  step('network is up');
  const signingOf = new Map(signings);
  const dns = dnsFiles(platform, municipalities, layout, [...signingOf.values()]);
  const dnsHost = layout.hosts.find(({ name }) => name === 'dns');
  const nameServer = dnsHost?.links[0]?.addresses[0]?.replace(/\/\d+$/, '') ?? '';
  const resolvConf = { path: '/etc/resolv.conf', content: `nameserver ${nameServer}\n` };
  const place = async (host: string, files: PlacedFile[]): Promise<void> => {
    await Promise.all(
      [resolvConf, ...everywhere, ...files].map((file) => placeFile(world.hostFolder(host), file)),
    );
  };
  const resolver = async (host: string): Promise<void> => {
    if (resolvers) await startResolver(world, host, nameServer);
  };
  const hostKeys = new Map<string, string>();
  await Promise.all([
    place('dns', dns.files).then(() => startKnot(world)),
    writeKeys(world, dns.keys),
    ...farEnds(platform).map(async (farEnd) => {
      await place(farEnd.host, farEnd.host === 'relay' ? await relayFiles(platform, layout) : []);
      hostKeys.set(farEnd.host, await installFarEnd(world, farEnd));
      if (farEnd.host === 'relay') {
        await makeCertificate(world, 'relay', platform.relays[0]?.mx.records[0]?.host ?? 'relay');
        await resolver('relay');
        await startPostfix(world, 'relay');
      }
    }),
    ...layout.parties.map(async (party) => {
      const municipality = municipalities.find(({ id }) => id === party.name);
      const signing = signingOf.get(party.name);
      const files = await partyFiles(party, platform, municipality);
      await place(party.name, signing ? [...files, signing.file] : files);
      await makeCertificate(world, party.name, party.mailHost);
      await resolver(party.name);
      await startPostfix(world, party.name, ownMaps(party.name));
    }),
  ]);
  await openNdbOffice(world);
  step('name server, mail servers and SSH are up');
  return { config, hostKeys };
}

interface SshFiles {
  config: string;
  /** By host of the rehearsal. */
  hostKeys: Map<string, string>;
}

/** What every host's /etc has beside what it copies from this machine. */
const everywhere: PlacedFile[] = [
  { path: '/etc/hosts', content: '127.0.0.1 localhost\n' },
  {
    path: '/etc/nsswitch.conf',
    content: 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
  },
];

/** TSIG secrets where the provider looks for them. */
async function writeKeys(world: World, keys: { name: string; secret: string }[]): Promise<void> {
  await mkdir(join(world.runDir, 'tsig'), { mode: 0o700 });
  await Promise.all(
    keys.map(({ name, secret }) =>
      writeFile(join(world.runDir, 'tsig', `${name.replace(/\.$/, '')}.key`), `${secret}\n`, { mode: 0o600 }),
    ),
  );
}

/** Starts the loop that brings the register's NdB domains to the partner; it lives as long as the rehearsal. */
async function openNdbOffice(world: World): Promise<void> {
  const register = join(world.netDir, 'hosts/register/var/lib/mailversand-register/elements');
  const script = await readFile(templatePath('rehearsal', 'ndb-office.sh'), 'utf8');
  const partner = String(world.holder('ndb'));
  await world.must(world.enterInit(), [
    'sh',
    '-c',
    'setsid sh -c "$0" office "$@" </dev/null >/dev/null 2>&1 &',
    script,
    register,
    mailertabelle,
    partner,
  ]);
}

/** Files and variables with which an engineer, or this program, deploys into the rehearsal. */
async function workplace(
  world: World,
  options: RehearsalOptions,
  ssh: SshFiles,
): Promise<Record<string, string>> {
  const platformFile = join(world.runDir, 'platform.yaml');
  const municipalitiesDir = join(world.runDir, 'municipalities');
  await mkdir(municipalitiesDir);
  const source = options.platformFile ?? join(packageRoot(), 'stacks/platforms/rehearsal.yaml');
  const text = await readFile(source, 'utf8');
  await writeFile(platformFile, withHostKeys(text, options.platform, ssh.hostKeys));
  const folder = options.municipalitiesDir ?? join(packageRoot(), 'municipalities');
  await Promise.all(
    options.municipalities
      .map(({ id }) => `${id}.yaml`)
      .filter((name) => existsSync(join(folder, name)))
      .map((name) => copyFile(join(folder, name), join(municipalitiesDir, name))),
  );
  const engine = options.engine ?? findEngine();
  await writeDesk(world);
  if (engine !== undefined) await writeFile(join(world.runDir, 'engine'), `${engine}\n`);
  return {
    MAILVERSAND_PLATFORM: platformFile,
    MAILVERSAND_MUNICIPALITIES: municipalitiesDir,
    MAILVERSAND_STATE_DIR: join(world.runDir, 'state'),
    MAILVERSAND_SSH_CONFIG: ssh.config,
    MAILVERSAND_TSIG_DIR: join(world.runDir, 'tsig'),
    MAILVERSAND_REHEARSAL: world.runDir,
    ...(engine === undefined ? {} : { TERRAFORM_BINARY_NAME: templatePath('rehearsal', 'engine') }),
  };
}

/** The platform file with the host keys of this rehearsal, otherwise as it is. */
export function withHostKeys(text: string, platform: Platform, hostKeys: Map<string, string>): string {
  const document = parseDocument(text);
  const set = (path: string[], host: string): void => {
    const key = hostKeys.get(host);
    if (key !== undefined) document.setIn([...path, 'ssh', 'hostKey'], key);
  };
  for (const { name } of platform.gateways) set(['gateways', name], 'gateway');
  for (const { name } of platform.relays) set(['relays', name], 'relay');
  set(['register'], 'register');
  return document.toString({ lineWidth: 0 });
}

const findEngine = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(':')
    .flatMap((folder) => [join(folder, 'tofu'), join(folder, 'terraform')])
    .find((path) => existsSync(path));

/** What templates/rehearsal/desk needs to run a program in the network of the host `ops`. */
async function writeDesk(world: World): Promise<void> {
  const { pid, start } = world.init;
  await writeFile(join(world.runDir, 'desk'), `${pid} ${start} ${world.holder('ops')}\n`);
}
