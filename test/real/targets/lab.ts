import {
  execFile,
  execFileSync,
  spawn,
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
} from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { usualLimits, type CutoverLimits } from '../../../lib/provider/provider-config.js';
import { openTargets, type OpenTargets } from '../../../lib/provider/targets/index.js';
import { localCommand } from '../../../lib/provider/transport/local.js';
import type { Element, Target, TargetRef } from '../../../lib/provider/element.js';

const templates = join(import.meta.dirname, '../../../templates');

/** A far end as templates/ describes it, in a temporary folder. */
export interface FarEnd {
  folder: string;
  /** The forced commands, as installed. */
  programs: string;
  state: string;
  /** Postfix's, as templates/relay has it. */
  config: string;
}

/** Where the Postfix of a test writes. */
export const mailLog = '/var/log/mailversand-test.log';

/** Addresses of the relay's listeners; `outgoing` is the internal one's. */
export const relayAddresses = {
  internet: '203.0.113.10',
  ndb: '10.64.0.11',
  internal: '10.64.0.10',
  customers: '10.64.0.12',
} as const;

export function installFarEnd(): FarEnd {
  const folder = mkdtempSync(join(tmpdir(), 'mailversand-test-'));
  chmodSync(folder, 0o755);
  const programs = join(folder, 'programs');
  const state = join(folder, 'state');
  mkdirSync(programs);
  mkdirSync(state);
  for (const file of [
    'mailversand-session',
    'gateway/mailversand-gateway',
    'gateway/base.nft',
    'relay/mailversand-relay',
    'relay/mailversand-policy',
    'relay/mailversand-sizes',
    'register/mailversand-register',
  ]) {
    const placed = join(programs, basename(file));
    copyFileSync(join(templates, file), placed);
    chmodSync(placed, 0o755);
  }
  const config = join(folder, 'etc');
  if (existsSync('/etc/postfix')) configureRelay({ folder, programs, state, config });
  return { folder, programs, state, config };
}

function configureRelay({ folder, programs, state, config }: FarEnd): void {
  cpSync('/etc/postfix', config, { recursive: true });
  const values: Record<string, string> = {
    NAME: 'mx1.relay.example',
    ...Object.fromEntries(
      Object.entries(relayAddresses).map(([name, address]) => [name.toUpperCase(), address]),
    ),
    OUTGOING: relayAddresses.internal,
    TENANT_NETWORKS: '10.64.0.20/32',
    POSTMASTER: 'postmaster@landesamt.example',
    CERTIFICATE: join(folder, 'cert.pem'),
    KEY: join(folder, 'key.pem'),
    MAPS: state,
  };
  for (const file of ['main.cf', 'master.cf']) {
    const filled = readFileSync(join(templates, 'relay', file), 'utf8').replace(
      /@([A-Z_]+)@/g,
      (_, name: string) => values[name] ?? `no value for ${name}`,
    );
    writeFileSync(join(config, file), filled.replaceAll('/usr/local/lib/mailversand', programs));
  }
}

export const removeFarEnd = ({ folder }: FarEnd): void => rmSync(folder, { recursive: true, force: true });

let count = 0;

/** A network namespace of this run, with loopback up. */
export class Namespace {
  readonly name = `mvt-${process.pid}-${count++}`;
  #children: ChildProcess[] = [];

  constructor() {
    execFileSync('ip', ['netns', 'add', this.name]);
    execFileSync('ip', ['-n', this.name, 'link', 'set', 'lo', 'up']);
  }

  /** Put before a command, runs it in here. */
  get enter(): string[] {
    return ['nsenter', `--net=/run/netns/${this.name}`];
  }

  run(...command: string[]): string {
    const [program = '', ...args] = [...this.enter, ...command];
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** One line for `ip -n …`. */
  ip(line: string): void {
    execFileSync('ip', ['-n', this.name, ...line.split(' ')]);
  }

  /** Ends with the namespace. */
  start(...command: string[]): ChildProcessWithoutNullStreams {
    const [program = '', ...args] = [...this.enter, ...command];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#children.push(child);
    return child;
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    execFileSync('ip', ['netns', 'del', this.name]);
  }
}

/** As the rehearsal's platform file declares them: a relay may have a laboratory's times. */
const shortLimits: CutoverLimits = { ...usualLimits, senderQueueLifetime: 5 };

/** Targets whose forced commands run here, in a namespace, by a shell of choice. */
export function localTargets(
  farEnd: FarEnd,
  enter: readonly string[],
  shell: readonly string[] = [],
  limits: CutoverLimits = shortLimits,
): OpenTargets {
  const endpoint = { host: 'here', port: 22, user: 'elements', platformUser: 'base', hostKey: 'none' };
  return openTargets(
    {
      gateways: [{ ...endpoint, name: 'gw1' }],
      relays: [{ ...endpoint, name: 'relay1', mxHosts: [] }],
      register: endpoint,
      limits,
    },
    {
      connect: (_endpoint, user, ref) => {
        const { program, args } = commandLine(farEnd, ref.kind, user);
        return localCommand(program, args, [...enter, ...shell]);
      },
    },
  );
}

export function commandLine(
  farEnd: FarEnd,
  kind: TargetRef['kind'],
  role: string,
): { program: string; args: string[] } {
  const name = kind.replace('-base', '');
  const args =
    name === 'gateway'
      ? [role, farEnd.state, '/usr/sbin']
      : name === 'relay'
        ? [role, farEnd.state, farEnd.config, mailLog]
        : [farEnd.state];
  return { program: join(farEnd.programs, `mailversand-${name}`), args };
}

/** Sends raw lines to a forced command and gives its output, as somebody with the key could without our code. */
export function raw(
  farEnd: FarEnd,
  enter: readonly string[],
  kind: TargetRef['kind'],
  lines: string,
  role = 'elements',
): Promise<string[]> {
  const { program, args } = commandLine(farEnd, kind, role);
  const [first = program, ...rest] = [...enter, program, ...args];
  return new Promise((resolve) => {
    const child = execFile(first, rest, { timeout: 60_000 }, (_error, stdout) =>
      resolve(stdout.trim().split('\n')),
    );
    child.stdin?.end(lines);
  });
}

/** Takes what is listed as expected and puts the elements. */
export async function put(target: Target, ...elements: Element[]): Promise<void> {
  const live = await target.list();
  const at = ({ map, key }: Pick<Element, 'map' | 'key'>): string => `${map} ${key.join()}`;
  await target.apply({
    expect: elements.map((element) => ({
      at: element,
      found: live.find((other) => at(other) === at(element)),
    })),
    put: elements,
    remove: [],
  });
}

/** The base of gateway gw1: `ln0`, and customer links with their marks. */
export const base = (links: Record<string, string>): Element[] => [
  { map: 'base', key: ['gw1'], value: ['ln0'], owner: 'platform', instance: 'p0' },
  ...Object.entries(links).map(([name, mark]) => ({
    map: 'links',
    key: [name],
    value: [mark],
    owner: 'platform',
    instance: `p${mark}`,
  })),
];
