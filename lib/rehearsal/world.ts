import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import { startOfProcess } from '../process/start.js';
import { RehearsalError } from './error.js';
import { templatePath } from './files.js';

/** All run folders of this machine; one folder a rehearsal. */
export const runRoot = '/run/mailversand';

/** A process as the kernel knows it for good: a number is used again, its start time is not. */
export interface ProcessId {
  pid: number;
  /** Field 22 of /proc/PID/stat. */
  start: string;
}

/** What the run folder says about whose it is (`owner.json`). */
export interface Owner {
  /** The program that started the rehearsal. */
  starter: ProcessId;
  /** First process of the rehearsal, once there is one. */
  init?: ProcessId;
  /** Lives on without its starter. */
  kept: boolean;
}

/** undefined: there is no such process. */
export function processId(pid: number): ProcessId | undefined {
  const start = startOfProcess(pid);
  return start === undefined ? undefined : { pid, start };
}

export const isAlive = ({ pid, start }: ProcessId): boolean => startOfProcess(pid) === start;

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The namespaces of one rehearsal, and how to run something in them. */
export class World {
  constructor(
    readonly id: string,
    readonly runDir: string,
    readonly init: ProcessId,
    /** Numbers, in the rehearsal, of the processes that hold the hosts' namespaces. */
    readonly holders: Map<string, number>,
    /** Ends the first process's pipe; absent where another program started the rehearsal. */
    private readonly pipe?: { keep(): void },
  ) {}

  /** Starts the first process; from here on everything ends with this program, even by kill -9. */
  static async create(): Promise<World> {
    const starter = processId(process.pid);
    if (!starter) throw new RehearsalError('The rehearsal needs /proc mounted.');
    const id = randomBytes(3).toString('hex');
    const runDir = join(runRoot, id);
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    await writeOwner(runDir, { starter, kept: false });
    const child = spawn(
      'unshare',
      [
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        '--',
        'sh',
        templatePath('rehearsal', 'init.sh'),
        runDir,
      ],
      // Its own session: Ctrl-C at the terminal ends us, and our end ends it.
      { stdio: ['pipe', 'pipe', 'pipe'], detached: true, cwd: '/' },
    );
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
    const pid = await new Promise<number>((resolve, reject) => {
      createInterface(child.stdout).once('line', (line) => resolve(Number(line)));
      child.once('error', reject);
      child.once('exit', () => reject(new RehearsalError(notPermitted(complaint))));
    }).catch(async (error: unknown) => {
      await rm(runDir, { recursive: true, force: true });
      throw error;
    });
    const init = processId(pid);
    if (!init) throw new RehearsalError(notPermitted(complaint));
    await writeOwner(runDir, { starter, init, kept: false });
    for (const stream of [child.stderr, child.stdout]) stream.destroy();
    child.unref();
    const { stdin } = child;
    // Nothing reads an answer from it, so a late write into a dead rehearsal is no event.
    stdin.on('error', () => undefined);
    (stdin as typeof stdin & { unref?: () => void }).unref?.();
    return new World(id, runDir, init, new Map(), { keep: () => void stdin.write('keep\n') });
  }

  /** Folder of the rehearsal's private file system as this program sees it. */
  get inside(): string {
    return join(`/proc/${this.init.pid}/root`, this.netDir);
  }

  /** The same folder as a program in the rehearsal's first mount namespace sees it. */
  get netDir(): string {
    return join(this.runDir, 'net');
  }

  hostFolder(host: string): string {
    return join(this.inside, 'hosts', host);
  }

  /** Words before a command that make it run on a host. */
  enter(host: string): string[] {
    const namespaces = this.namespaces(host);
    return [
      'nsenter',
      ...['mnt', 'net', 'uts'].map((kind) => `--${kind === 'mnt' ? 'mount' : kind}=${namespaces}/${kind}`),
      `--pid=/proc/${this.init.pid}/ns/pid`,
      '--',
    ];
  }

  /** Words before a command that needs a host's network and processes, and this machine's files. */
  enterNetwork(host: string): string[] {
    return ['nsenter', `--net=${this.namespaces(host)}/net`, `--pid=/proc/${this.init.pid}/ns/pid`, '--'];
  }

  /** Where a host's namespaces are found from outside: through the first process's own view of processes. */
  namespaces(host: string): string {
    return `/proc/${this.init.pid}/root/proc/${this.holder(host)}/ns`;
  }

  /** Number, in the rehearsal, of the process that holds a host's namespaces. */
  holder(host: string): number {
    const holder = this.holders.get(host);
    if (holder !== undefined) return holder;
    throw new RehearsalError(
      `This rehearsal has no host ${host}; it has ${[...this.holders.keys()].join(', ')}.`,
    );
  }

  /** Words before a command that runs beside the hosts, in the first mount namespace. */
  enterInit(): string[] {
    return ['nsenter', '--target', String(this.init.pid), '--mount', '--pid', '--'];
  }

  /** Runs a program and gives back how it ended, whatever that was. */
  async run(enter: string[], argv: string[], input?: string): Promise<CommandResult> {
    const [file = '', ...args] = [...enter, ...argv];
    const result = await execa(file, args, {
      reject: false,
      cwd: '/',
      extendEnv: false,
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        LC_ALL: 'C.UTF-8',
        HOME: '/tmp',
      },
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    });
    return { exitCode: result.exitCode ?? 1, stdout: result.stdout, stderr: result.stderr };
  }

  /** As {@link run}, for what must succeed. */
  async must(enter: string[], argv: string[], input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(enter, argv, input);
    if (exitCode !== 0) {
      throw new RehearsalError(
        `In rehearsal ${this.id} this failed (${exitCode}): ${argv.join(' ').slice(0, 200)}\n${(stderr || stdout).slice(0, 2000)}`,
      );
    }
    return stdout;
  }

  /** Lets the rehearsal outlive this program. */
  async keep(): Promise<void> {
    const owner = await readOwner(this.runDir);
    if (owner) await writeOwner(this.runDir, { ...owner, kept: true });
    this.pipe?.keep();
  }

  /** Ends every process of the rehearsal, and with them its namespaces and mounts; then removes its folder. */
  async end(): Promise<void> {
    await endProcess(this.init);
    await rm(this.runDir, { recursive: true, force: true });
  }
}

const notPermitted = (complaint: string): string =>
  `The kernel does not let this process make namespaces and mounts (${complaint.trim() || 'no reason given'}). In a container give it CAP_SYS_ADMIN and CAP_NET_ADMIN; see Containerfile.`;

export async function readOwner(runDir: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(runDir, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

async function writeOwner(runDir: string, owner: Owner): Promise<void> {
  await writeFile(join(runDir, 'owner.json'), `${JSON.stringify(owner)}\n`);
}

/** Kills the first process of a rehearsal and waits until the kernel has ended all the others. */
export async function endProcess(target: ProcessId): Promise<void> {
  if (isAlive(target)) process.kill(target.pid, 'SIGKILL');
  while (isAlive(target)) await new Promise((resolve) => setTimeout(resolve, 5));
}
